/** Speaks the jobs API; errors arrive as the errors the orchestrator threw. */
import { requestJson } from '@longshore/adapters/http';
import { LongshoreError, type Worker } from '@longshore/core';
import type { CreateJobRequest, JobAnswer, PageAnswer, TaskAnswer } from '@longshore/core/protocol';

const answerWithinMs = 30_000;

export class JobsClient {
  constructor(private readonly url: string) {}

  submit(request: CreateJobRequest, idempotencyKey: string): Promise<JobAnswer> {
    return this.send('POST', '/api/v1/jobs', request, { 'idempotency-key': idempotencyKey });
  }

  jobs(limit: number): Promise<PageAnswer<JobAnswer>> {
    return this.send('GET', `/api/v1/jobs?limit=${limit}`);
  }

  /** @param id of a job, or `last` */
  async job(id: string): Promise<JobAnswer> {
    if (id !== 'last') return this.send('GET', `/api/v1/jobs/${encodeURIComponent(id)}`);
    const [newest] = (await this.jobs(1)).items;
    if (!newest) throw new LongshoreError('job-not-found', `No job was submitted to ${this.url} yet.`);
    return newest;
  }

  resume(id: string): Promise<JobAnswer> {
    return this.send('POST', `/api/v1/jobs/${encodeURIComponent(id)}/resume`);
  }

  async deadTasks(jobId: string, limit: number): Promise<TaskAnswer[]> {
    const path = `/api/v1/jobs/${encodeURIComponent(jobId)}/tasks?state=dead&limit=${limit}`;
    return (await this.send<PageAnswer<TaskAnswer>>('GET', path)).items;
  }

  workers(): Promise<{ items: Worker[] }> {
    return this.send('GET', '/api/v1/workers');
  }

  private send<T>(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const remedy = 'Start one with "longshore orchestrator", or name another with --url.';
    return requestJson<T>({ url: this.url, method, path, body, headers, withinMs: answerWithinMs, remedy });
  }
}
