/** Speaks the jobs API; errors arrive as the errors the orchestrator threw. */
import { LongshoreError, messageOf, type Worker } from '@longshore/core';
import {
  errorOfProblem,
  type CreateJobRequest,
  type JobAnswer,
  type PageAnswer,
  type TaskAnswer,
} from '@longshore/core/protocol';

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

  private async send<T>(
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    try {
      const response = await fetch(this.url + path, {
        method,
        signal: AbortSignal.timeout(answerWithinMs),
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as T;
      if (response.ok) return answer;
      throw errorOfProblem(answer) ?? new Error(`it answered with status ${response.status}`);
    } catch (thrown) {
      if (thrown instanceof LongshoreError) throw thrown;
      const cause = thrown instanceof Error ? (thrown.cause ?? thrown) : thrown;
      throw new LongshoreError(
        'orchestrator-unreachable',
        `No orchestrator answers at ${this.url}: ${messageOf(cause)}.`,
        {
          remedy: 'Start one with "longshore orchestrator", or name another with --url.',
          cause: thrown,
        },
      );
    }
  }
}
