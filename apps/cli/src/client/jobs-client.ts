/** Speaks the jobs API; errors arrive as the errors the orchestrator threw. */
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { requestJson, requestStream } from '@longshore/adapters/http';
import { LongshoreError, type OutputDepth } from '@longshore/core';
import type {
  CreatedTokenAnswer,
  CreateJobRequest,
  CreateTokenRequest,
  ExplainAnswer,
  InvariantsAnswer,
  JobAnswer,
  JobPageAnswer,
  PageAnswer,
  PlanAnswer,
  PlanRequest,
  RedriveAnswer,
  RedriveRequest,
  RevokeAnswer,
  TaskAnswer,
  TokenMessage,
  WorkerSummary,
} from '@longshore/core/protocol';
import { userToken } from './user-token.js';

const answerWithinMs = 30_000;
const lookingWithinMs = 24 * 3_600_000;

interface InvariantsRequest {
  job: string | undefined;
  outputs: OutputDepth;
  exclusive: boolean;
}
const startOne = 'Start one with "longshore orchestrator", or name another with --url.';

export type Steering = 'pause' | 'resume' | 'cancel';

export class JobsClient {
  constructor(
    private readonly url: string,
    private readonly token = userToken(),
  ) {}

  submit(request: CreateJobRequest, idempotencyKey: string): Promise<JobAnswer> {
    return this.send('POST', '/api/v1/jobs', request, { 'idempotency-key': idempotencyKey });
  }

  /** Takes as long as it takes to list input and output. */
  plan(request: PlanRequest): Promise<PlanAnswer> {
    return this.send('POST', '/api/v1/plans', request, {}, lookingWithinMs);
  }

  jobs(limit: number): Promise<JobPageAnswer> {
    return this.send('GET', `/api/v1/jobs?limit=${limit}`);
  }

  /** @param id of a job, or `last` */
  async job(id: string): Promise<JobAnswer> {
    if (id !== 'last') return this.send('GET', `/api/v1/jobs/${encodeURIComponent(id)}`);
    const [newest] = (await this.jobs(1)).items;
    if (!newest) throw new LongshoreError('job-not-found', `No job was submitted to ${this.url} yet.`);
    return this.job(newest.id);
  }

  steer(how: Steering, id: string): Promise<JobAnswer> {
    const path = `/api/v1/jobs/${encodeURIComponent(id)}/${how}`;
    return this.send('POST', path, undefined, { 'idempotency-key': randomUUID() });
  }

  redrive(id: string, which: RedriveRequest, idempotencyKey: string): Promise<RedriveAnswer> {
    const path = `/api/v1/jobs/${encodeURIComponent(id)}/redrive`;
    return this.send('POST', path, which, { 'idempotency-key': idempotencyKey });
  }

  explainJob(id: string): Promise<ExplainAnswer> {
    return this.send('GET', `/api/v1/jobs/${encodeURIComponent(id)}/explain`);
  }

  explainTask(id: string): Promise<ExplainAnswer> {
    return this.send('GET', `/api/v1/tasks/${encodeURIComponent(id)}/explain`);
  }

  /** Writes the manifest of a job as it comes. */
  manifest(id: string, target: Writable): Promise<void> {
    const path = `/api/v1/jobs/${encodeURIComponent(id)}/manifest`;
    return requestStream({ url: this.url, path, token: this.token, remedy: startOne }, target);
  }

  /** Writes a copy of the state as it comes. */
  backup(target: Writable): Promise<void> {
    return requestStream({ url: this.url, path: '/api/v1/admin/backup', token: this.token, remedy: startOne }, target);
  }

  async *everyDeadTask(jobId: string): AsyncIterable<TaskAnswer> {
    let next: string | undefined = '';
    while (next !== undefined) {
      const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
      const path = `/api/v1/jobs/${encodeURIComponent(jobId)}/tasks?state=dead&limit=200${after}`;
      const page: PageAnswer<TaskAnswer> = await this.send('GET', path);
      yield* page.items;
      next = page.next;
    }
  }

  async deadTasks(jobId: string, limit: number): Promise<TaskAnswer[]> {
    const path = `/api/v1/jobs/${encodeURIComponent(jobId)}/tasks?state=dead&limit=${limit}`;
    return (await this.send<PageAnswer<TaskAnswer>>('GET', path)).items;
  }

  async hasWorkers(): Promise<boolean> {
    return (await this.send<PageAnswer<WorkerSummary>>('GET', '/api/v1/workers?limit=1')).items.length > 0;
  }

  async *everyWorker(): AsyncIterable<WorkerSummary> {
    let after = '';
    for (;;) {
      const page: PageAnswer<WorkerSummary> = await this.send('GET', `/api/v1/workers?limit=500${after}`);
      yield* page.items;
      if (page.next === undefined) return;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
  }

  drain(workerId: string): Promise<WorkerSummary> {
    return this.send('POST', `/api/v1/workers/${encodeURIComponent(workerId)}/drain`);
  }

  /** Takes as long as it takes to read every output. */
  invariants({ job, outputs, exclusive }: InvariantsRequest): Promise<InvariantsAnswer> {
    const query = new URLSearchParams({ outputs, exclusive: String(exclusive), ...(job !== undefined && { job }) });
    return this.send('GET', `/api/v1/admin/invariants?${query.toString()}`, undefined, {}, lookingWithinMs);
  }

  createToken(request: CreateTokenRequest): Promise<CreatedTokenAnswer> {
    return this.send('POST', '/api/v1/tokens', request);
  }

  async *everyToken(): AsyncIterable<TokenMessage> {
    let after = '';
    for (;;) {
      const page: PageAnswer<TokenMessage> = await this.send('GET', `/api/v1/tokens?limit=500${after}`);
      yield* page.items;
      if (page.next === undefined) return;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
  }

  revokeToken(id: string): Promise<RevokeAnswer> {
    return this.send('DELETE', `/api/v1/tokens/${encodeURIComponent(id)}`);
  }

  private send<T>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    withinMs = answerWithinMs,
  ): Promise<T> {
    return requestJson<T>({
      url: this.url,
      method,
      path,
      body,
      headers,
      token: this.token,
      withinMs,
      remedy: startOne,
    });
  }
}
