/** A worker without containers that lives through small jobs, asks again until it is answered, and remembers every answer. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderObjectStore } from '@longshore/adapters/folder';
import { parseLocation, type JobStore, type Task } from '@longshore/core';
import type { Assignment, AssignmentAnswer, JobAnswer, RegisterAnswer } from '@longshore/core/protocol';
import { History } from './history.js';
import type { Sandbox } from './sandbox.js';

interface Request {
  method: 'GET' | 'POST';
  path: string;
  body?: Record<string, unknown>;
  key?: string;
}

export interface Serving {
  url(): Promise<string>;
}

export class ScriptedWorker {
  readonly history = new History();
  private readonly objects = new FolderObjectStore();
  private id = '';

  constructor(
    private readonly orchestrator: Serving,
    private readonly sandbox: Sandbox,
  ) {}

  async register(): Promise<void> {
    const request = { method: 'POST', path: '/register', body: { hostname: 'here', plugin: 'echo', request_id: 'me' } };
    const { worker_id } = await this.ask<RegisterAnswer>(
      'register',
      request as Request,
      (answer) => async (store) => ((await store.findWorker(answer.worker_id)) ? undefined : 'nobody knows the worker'),
    );
    this.id = worker_id;
  }

  async submit(input: string, output: string): Promise<string> {
    const body = { plugin: 'echo', input: this.sandbox.path(input), output: this.sandbox.path(output) };
    const request: Request = {
      method: 'POST',
      path: '/api/v1/jobs',
      body: { ...body, batching: { maxObjects: 1 } },
      key: `submit ${output}`,
    };
    const job = await this.ask<JobAnswer>(
      `submit ${output}`,
      request,
      ({ id }) =>
        async (store) =>
          (await store.findJob(id)) ? undefined : 'there is no such job',
    );
    return job.id;
  }

  async cancel(jobId: string): Promise<void> {
    const request: Request = { method: 'POST', path: `/api/v1/jobs/${jobId}/cancel`, body: {}, key: 'cancel' };
    await this.ask<JobAnswer>('cancel', request, () => async (store) => {
      const job = await store.findJob(jobId);
      return job?.state === 'cancelled' ? undefined : `the job is ${job?.state}`;
    });
  }

  /** Works until a job is over. */
  async workUntilEnd(jobId: string): Promise<JobAnswer> {
    for (;;) {
      const assignment = await this.assignment();
      if (assignment) await this.work(assignment);
      const { body } = await this.send<JobAnswer>({ method: 'GET', path: `/api/v1/jobs/${jobId}` });
      if (body.ended_at !== undefined) return body;
      if (!assignment) await sleep(20);
    }
  }

  private async assignment(): Promise<Assignment | undefined> {
    const request: Request = { method: 'GET', path: `/assignment/${this.id}?max=1` };
    const { assignment } = await this.ask<AssignmentAnswer>('assignment', request, ({ assignment: given }) =>
      given && 'fence' in given
        ? taskFact(given, async (task, store) => {
            const attempts = await store.listAttempts(task.id);
            return attempts.some(({ number, workerId }) => number === given.fence && workerId === this.id);
          })
        : undefined,
    );
    return assignment && 'fence' in assignment ? assignment : undefined;
  }

  private async work(given: Assignment): Promise<void> {
    const { assignment_id, fence } = given;
    const held = { assignment_id, fence };
    const isLater = (task: Task) => task.state === 'accepted' || task.state === 'completed';
    await this.report('ack', 'ack', given, held, (task) => isLater(task) || task.lease?.acknowledgedAt !== undefined);
    await this.report('heartbeat', 'heartbeat', given, { assignments: [held] }, (task) => task.fence === fence);
    const location = parseLocation(this.sandbox.path('out'));
    const entries = await Promise.all(
      given.objects.map(async ({ key, etag }) => {
        const path = await this.sandbox.write(`made/${randomUUID()}`, `made of ${key}`);
        const names = [key, `${key}.sha256`];
        const outputs = await Promise.all(names.map((name) => this.objects.stage({ location, name, path })));
        return { objectKey: key, etag, outputs };
      }),
    );
    const manifest = { entries, imageDigest: 'sha256:0', pluginVersion: '1.0.0', exitCode: 0, durationMs: 1 };
    const completed = { ...held, status: 'completed', details: { manifest } };
    await this.report(
      'completed',
      'status',
      given,
      completed,
      (task) => isLater(task) && task.manifest?.attempt === fence,
    );
    for (const output of entries.flatMap(({ outputs }) => outputs)) await this.objects.publish(location, output);
    const published = { ...held, status: 'published', details: {} };
    await this.report('published', 'status', given, published, (task) => task.state === 'completed');
  }

  private async report(
    what: string,
    path: string,
    given: Assignment,
    body: Record<string, unknown>,
    holds: (task: Task) => boolean,
  ): Promise<void> {
    const id = `${what} ${given.assignment_id}`;
    const request: Request = { method: 'POST', path: `/${path}/${this.id}`, body: { ...body, request_id: id } };
    await this.ask(id, request, () => async (store) => {
      if (!(await store.findReceipt(`${this.id} ${what} ${id}`))) return 'its receipt is gone';
      return taskFact(given, async (task) => holds(task))(store);
    });
  }

  /** Asks until there is an answer, and remembers it with the fact that makes it true. */
  private async ask<T>(
    what: string,
    request: Request,
    fact: (answer: T) => ((store: JobStore) => Promise<string | undefined>) | undefined,
  ): Promise<T> {
    const { status, body } = await this.send<T>(request, what);
    if (status >= 300) throw new Error(`"${what}" was refused with ${status}: ${JSON.stringify(body)}`);
    const untrue = fact(body);
    const mayRepeat = request.body?.request_id !== undefined || request.key !== undefined;
    const again = async () => {
      const second = await this.send<T>(request);
      const isSame = request.path === '/api/v1/jobs' ? sameJob : same;
      return isSame(second.body, body) ? undefined : `the answer was ${JSON.stringify(second.body)}`;
    };
    this.history.add({ what, answer: 'ok', ...(untrue && { untrue }), ...(mayRepeat && { again }) });
    return body;
  }

  private async send<T>({ method, path, body, key }: Request, what?: string): Promise<{ status: number; body: T }> {
    for (;;) {
      const url = await this.orchestrator.url();
      try {
        const response = await fetch(url + path, {
          method,
          headers: { 'content-type': 'application/json', ...(key !== undefined && { 'idempotency-key': key }) },
          ...(body && { body: JSON.stringify(body) }),
        });
        const answer = { status: response.status, body: (await response.json()) as T };
        if (response.status < 500) return answer;
      } catch {
        if (what !== undefined) this.history.add({ what, answer: 'unknown' });
      }
      await sleep(20);
    }
  }
}

function taskFact(given: Assignment, holds: (task: Task, store: JobStore) => Promise<boolean>) {
  return async (store: JobStore): Promise<string | undefined> => {
    const task = await store.findTask(given.task_id);
    if (!task) return 'the task is gone';
    if (task.fence < given.fence) return `the task is at fence ${task.fence}`;
    return (await holds(task, store)) ? undefined : `the task is ${task.state} at fence ${task.fence}`;
  };
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A job is shown as it is now. */
function sameJob(one: unknown, other: unknown): boolean {
  return (one as JobAnswer).id === (other as JobAnswer).id;
}
