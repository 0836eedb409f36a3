/** Speaks the jobs API; errors arrive as the errors the orchestrator threw. */
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { LongshoreError, type OutputDepth } from '@longshore/core';
import type {
  CreatedTokenAnswer,
  CreateJobRequest,
  CreateTokenRequest,
  ExplainAnswer,
  FailureGroupAnswer,
  InvariantsAnswer,
  JobAnalyticsAnswer,
  JobAnswer,
  JobPageAnswer,
  PageAnswer,
  PlanAnswer,
  PlanRequest,
  RedriveAnswer,
  RedriveRequest,
  RetryAnswer,
  RetryRequest,
  RevokeAnswer,
  TaskAnswer,
  TokenMessage,
  WorkerSummary,
} from '@longshore/core/protocol';
import { Api, everyItem, part } from './api.js';
import { TasksClient } from './tasks-client.js';

const lookingWithinMs = 24 * 3_600_000;

interface InvariantsRequest {
  job: string | undefined;
  outputs: OutputDepth;
  exclusive: boolean;
}

export type Steering = 'pause' | 'resume' | 'cancel';

export class JobsClient {
  readonly api: Api;
  readonly tasks: TasksClient;

  constructor(
    private readonly url: string,
    token?: string,
  ) {
    this.api = token === undefined ? new Api(url) : new Api(url, token);
    this.tasks = new TasksClient(this.api);
  }

  submit(body: CreateJobRequest, idempotencyKey: string): Promise<JobAnswer> {
    return this.api.post('/api/v1/jobs', { body, headers: { 'idempotency-key': idempotencyKey } });
  }

  /** Takes as long as it takes to list input and output. */
  plan(body: PlanRequest): Promise<PlanAnswer> {
    return this.api.post('/api/v1/plans', { body, withinMs: lookingWithinMs });
  }

  jobs(limit: number): Promise<JobPageAnswer> {
    return this.api.get(`/api/v1/jobs?limit=${limit}`);
  }

  /** @param id of a job, or `last` */
  async job(id: string): Promise<JobAnswer> {
    if (id !== 'last') return this.api.get(jobPath(id));
    const [newest] = (await this.jobs(1)).items;
    if (!newest) throw new LongshoreError('job-not-found', `No job was submitted to ${this.url} yet.`);
    return this.job(newest.id);
  }

  steer(how: Steering, id: string): Promise<JobAnswer> {
    return this.api.post(jobPath(id, how), { headers: { 'idempotency-key': randomUUID() } });
  }

  redrive(id: string, body: RedriveRequest, idempotencyKey: string): Promise<RedriveAnswer> {
    return this.api.post(jobPath(id, 'redrive'), { body, headers: { 'idempotency-key': idempotencyKey } });
  }

  retry(id: string, body: RetryRequest, idempotencyKey: string): Promise<RetryAnswer> {
    return this.api.post(jobPath(id, 'retry'), { body, headers: { 'idempotency-key': idempotencyKey } });
  }

  explainJob(id: string): Promise<ExplainAnswer> {
    return this.api.get(jobPath(id, 'explain'));
  }

  explainTask(id: string): Promise<ExplainAnswer> {
    return this.tasks.explain(id);
  }

  numbers(id: string): Promise<JobAnalyticsAnswer> {
    return this.api.get(jobPath(id, 'analytics'));
  }

  /** The gravest causes of failures. */
  async failures(id: string, limit: number): Promise<FailureGroupAnswer[]> {
    return (await this.api.get<PageAnswer<FailureGroupAnswer>>(jobPath(id, `failures?limit=${limit}`))).items;
  }

  /** Writes the manifest of a job as it comes. */
  manifest(id: string, target: Writable): Promise<void> {
    return this.api.write(jobPath(id, 'manifest'), target);
  }

  /** Writes a copy of the state as it comes. */
  backup(target: Writable): Promise<void> {
    return this.api.write('/api/v1/admin/backup', target);
  }

  everyDeadTask(jobId: string): AsyncIterable<TaskAnswer> {
    return this.tasks.every(jobId, 'dead');
  }

  async deadTasks(jobId: string, limit: number): Promise<TaskAnswer[]> {
    return (await this.tasks.page(jobId, { state: 'dead', limit })).items;
  }

  async hasWorkers(): Promise<boolean> {
    return (await this.api.get<PageAnswer<WorkerSummary>>('/api/v1/workers?limit=1')).items.length > 0;
  }

  everyWorker(): AsyncIterable<WorkerSummary> {
    return everyItem(this.api, '/api/v1/workers?limit=500');
  }

  drain(workerId: string): Promise<WorkerSummary> {
    return this.api.post(`/api/v1/workers/${part(workerId)}/drain`);
  }

  /** Takes as long as it takes to read every output. */
  invariants({ job, outputs, exclusive }: InvariantsRequest): Promise<InvariantsAnswer> {
    const query = new URLSearchParams({ outputs, exclusive: String(exclusive), ...(job !== undefined && { job }) });
    return this.api.get(`/api/v1/admin/invariants?${query.toString()}`, { withinMs: lookingWithinMs });
  }

  createToken(body: CreateTokenRequest): Promise<CreatedTokenAnswer> {
    return this.api.post('/api/v1/tokens', { body });
  }

  everyToken(): AsyncIterable<TokenMessage> {
    return everyItem(this.api, '/api/v1/tokens?limit=500');
  }

  revokeToken(id: string): Promise<RevokeAnswer> {
    return this.api.delete(`/api/v1/tokens/${part(id)}`);
  }
}

function jobPath(id: string, rest?: string): string {
  return `/api/v1/jobs/${part(id)}${rest === undefined ? '' : `/${rest}`}`;
}
