/** An orchestrator of a few answers, for tests of what the command line asks and shows. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import { LoopbackServer } from '@longshore/adapters/testing';
import { aJob, aTask } from '@longshore/core/testing';
import { summaryOf, type Job } from '@longshore/core';
import { jobAnswer, taskAnswer, type AttemptAnswer, type JobAnswer, type TaskAnswer } from '@longshore/core/protocol';

type Answer = unknown;

const missing = [
  ['task-not-found', '/tasks/'],
  ['worker-unknown', '/workers/'],
] as const;

export class ServedApi extends LoopbackServer {
  /** As `GET /api/v1/jobs/job`. */
  readonly asked: string[] = [];
  /** What came as `Last-Event-ID` with each connection to the events. */
  readonly lastIds: (string | undefined)[] = [];
  /** Answers that are not the usual ones, by request. */
  readonly answers = new Map<string, () => Answer>();
  job: Job = aJob({ id: 'job', state: 'running', scan: 'done', startedAt: 0 });
  readonly attempts = new Map<string, AttemptAnswer[]>();
  tasks: TaskAnswer[] = [taskAnswer(summaryOf(aTask({ id: 'task', jobId: 'job' })))];
  /** Whether the events can be had. */
  hasEvents = true;
  private readonly streams = new Set<ServerResponse>();

  static start(): Promise<ServedApi> {
    return new ServedApi().listen();
  }

  /** Is there no more, until it listens again; connections break. */
  async die(): Promise<void> {
    this.streams.clear();
    await super[Symbol.asyncDispose]();
  }

  tell(id: string, event: string, data: object): void {
    for (const stream of this.streams) stream.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  breakStreams(): void {
    for (const stream of this.streams) stream.destroy();
    this.streams.clear();
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    request.resume();
    await once(request, 'end');
    this.asked.push(`${method} ${url}`);
    if (url.endsWith('/events') && this.hasEvents) {
      this.lastIds.push(headers['last-event-id'] as string | undefined);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 10\nid: first-0\n\n');
      this.streams.add(response);
      return;
    }
    const own = this.answers.get(`${method} ${url}`);
    const answer = own ? own() : this.usual(method, new URL(url, this.url).pathname);
    if (answer !== undefined) {
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
      return;
    }
    const [code] = missing.find(([, kind]) => url.includes(kind)) ?? ['job-not-found'];
    const problem = { code, detail: `No ${url}.` };
    response.writeHead(404).end(JSON.stringify(problem));
  }

  private usual(method: string, path: string): Answer {
    const job: JobAnswer = jobAnswer(this.job);
    const [, , , kind, id, what, number] = path.split('/');
    if (kind === 'jobs' && id === undefined) return method === 'POST' ? job : { items: [job], total: 1 };
    if (kind === 'workers') return { items: [] };
    if (kind === 'admin') return { holds: true, invariants: [] };
    if (kind === 'jobs' && id === 'job') return this.ofJob(method, what, job);
    if (kind === 'tasks') return this.ofTask(id ?? '', what, number);
    return undefined;
  }

  private ofJob(method: string, what: string | undefined, job: JobAnswer): Answer {
    const lists: Record<string, Answer> = {
      tasks: { items: this.tasks },
      failures: { items: [] },
      analytics: { job_id: job.id },
      explain: { sentences: ['It waits.'] },
      manifest: '{"key":"a"}\n',
      redrive: { redriven: 1, refused: 0 },
      retry: { hastened: 2 },
    };
    if (what === undefined || method === 'POST') return lists[what ?? ''] ?? job;
    return lists[what];
  }

  private ofTask(id: string, what: string | undefined, number: string | undefined): Answer {
    const task = this.tasks.find((one) => one.id === id);
    const attempts = this.attempts.get(id) ?? [];
    if (!task) return undefined;
    if (what === 'attempts' && number !== undefined) return attempts.find((one) => String(one.number) === number);
    if (what === 'attempts') return { items: attempts.map(({ log: _long, ...attempt }) => attempt) };
    if (what === 'explain') return { sentences: ['It waits.'] };
    if (what !== undefined) return { items: [] };
    return { ...task, max_attempts: 3, max_losses: 10, attempts: [] };
  }
}
