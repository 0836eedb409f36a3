/** Everything that may be asked of a task, in any order and by anybody, each with what the model says must come of it. */
import fc from 'fast-check';
import { messageOf } from '../../errors/longshore-error.js';
import { endAttempt } from '../../lifecycle/failure-rules.js';
import { acceptManifest, acknowledgeLease, completeTask, heldLease, renewLease } from '../../lifecycle/lease-rules.js';
import { cancelTask, redriveTask } from '../../lifecycle/redrive-rules.js';
import type { JobStore } from '../../ports/job-store.js';
import type { TaskChange } from '../../ports/store-exchange.js';
import { failure } from '../../words/failure.js';
import type { Job } from '../../words/job.js';
import type { Task } from '../../words/task.js';
import { aManifest, aNewTask } from '../builders.js';
import { lease } from './subject.js';
import { endInModel, isHeard, nextToLease, type Model, type ModelTask } from './task-model.js';

/** The store, and a time that always goes on far enough for every delay to be over. */
export interface Real {
  store: JobStore;
  job: Job;
  now: number;
  listed: number;
}

type Command = fc.AsyncCommand<Model, Real>;

const leaseMs = 30_000;
const longMs = 10_000_000;

const reports = ['acknowledge', 'renew', 'accept', 'publish', 'fail', 'lose', 'cancel', 'redrive'] as const;
type Report = (typeof reports)[number];

class Plan implements Command {
  constructor(private readonly objects: number) {}

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    const id = `${real.job.id}-${real.listed}`;
    const task = aNewTask(id, real.listed, this.objects);
    const keys = task.objects.map(({ key }) => key);
    real.listed += this.objects;
    const step = { tasks: [task], objectsListed: real.listed, objectsSkipped: 0, done: false };
    await real.store.recordScan(real.job.id, step, real.now);
    const { maxAttempts: mayFail, maxLosses: mayLose } = model;
    const position = real.listed - this.objects;
    model.tasks.push({ id, position, keys, state: 'available', fence: 0, failed: 0, lost: 0, mayFail, mayLose });
  }

  toString = () => `plan ${this.objects}`;
}

class Lease implements Command {
  constructor(private readonly worker: string) {}

  check(): boolean {
    return true;
  }

  async run(model: Model, real: Real): Promise<void> {
    real.now += longMs;
    const expected = nextToLease(model);
    const query = { plugins: [real.job.spec.plugin], now: real.now, workerId: this.worker };
    const [given] = await lease(real.store, query);
    sameText(given?.id, expected?.id, 'leased');
    if (!expected) return;
    Object.assign(expected, { state: 'leased', fence: expected.fence + 1, worker: this.worker });
  }

  toString = () => `lease to ${this.worker}`;
}

/** A report by anybody, with the fence of now or an older one. */
class Say implements Command {
  constructor(
    private readonly what: Report,
    private readonly which: number,
    private readonly worker: string,
    private readonly behind: number,
  ) {}

  check({ tasks }: Readonly<Model>): boolean {
    return tasks.length > 0;
  }

  async run(model: Model, real: Real): Promise<void> {
    real.now += longMs;
    const task = model.tasks[this.which % model.tasks.length]!;
    const fence = task.fence - this.behind;
    const heard = this.isHeard(task, fence);
    const change = real.store.changeTask(task.id, (found) => this.decide(found, fence, real), real.now);
    const outcome = await change.then(
      () => 'heard',
      (thrown: unknown) => messageOf(thrown),
    );
    if (heard) sameText(outcome, 'heard', this.toString());
    else if (outcome === 'heard') throw new Error(`${this.toString()} about ${task.id} should have been refused`);
    if (heard) this.follow(model, task);
  }

  toString = () => `${this.worker} says ${this.what} of task ${this.which}, ${this.behind} behind`;

  private isHeard(task: ModelTask, fence: number): boolean {
    switch (this.what) {
      case 'publish':
        return isHeard(task, this.worker, fence, ['accepted']);
      case 'renew':
        return isHeard(task, this.worker, fence, ['leased', 'accepted']);
      case 'cancel':
        return task.state === 'available' || task.state === 'leased';
      case 'redrive':
        return task.state === 'dead';
      default:
        return isHeard(task, this.worker, fence, ['leased']);
    }
  }

  private decide(task: Task, fence: number, { job, now }: Real): TaskChange {
    const { worker } = this;
    switch (this.what) {
      case 'acknowledge':
        return { task: acknowledgeLease(task, worker, fence, now, leaseMs) };
      case 'renew':
        return { task: renewLease(task, worker, fence, now, leaseMs) };
      case 'accept':
        return { task: acceptManifest(task, worker, fence, aManifest(task)) };
      case 'publish':
        heldLease(task, worker, fence);
        return { task: completeTask(task, now), attempt: { outcome: 'completed' } };
      case 'cancel':
        return {
          task: cancelTask(task, now),
          ...(task.state === 'leased' && { attempt: { outcome: 'cancelled' } }),
        };
      case 'redrive':
        return { task: redriveTask(task, job, now) };
      case 'fail':
      case 'lose': {
        heldLease(task, worker, fence);
        const why = failure(this.what === 'fail' ? 'command-failed' : 'lease-expired', 'It ended.');
        let parts = 0;
        const newId = () => partId(task.id, task.fence, (parts += 1));
        const ended = endAttempt(task, { failure: why, now, jitter: 0.5, policy: job.spec.policy, newId });
        return { ...ended, attempt: { outcome: 'failed', failure: why } };
      }
    }
  }

  private follow(model: Model, task: ModelTask): void {
    const name = (part: number) => partId(task.id, task.fence, part);
    switch (this.what) {
      case 'accept':
        if (model.accepted.has(task.id)) throw new Error(`${task.id} was accepted twice`);
        model.accepted.set(task.id, task.fence);
        task.state = 'accepted';
        break;
      case 'publish':
        Object.assign(task, { state: 'completed', worker: undefined });
        break;
      case 'fail':
      case 'lose':
        endInModel(model, task, this.what === 'fail', name);
        break;
      case 'cancel':
        Object.assign(task, { state: 'cancelled', worker: undefined });
        break;
      case 'redrive': {
        const { maxAttempts: mayFail, maxLosses: mayLose } = model;
        Object.assign(task, { state: 'available', failed: 0, lost: 0, mayFail, mayLose });
        break;
      }
      case 'acknowledge':
      case 'renew':
        break;
    }
  }
}

function partId(taskId: string, fence: number, part: number): string {
  return `${taskId}/${fence}/${part}`;
}

function sameText(given: string | undefined, expected: string | undefined, what: string): void {
  if (given !== expected) throw new Error(`${what}: ${given}, and not ${expected}`);
}

const workers = fc.constantFrom('ann', 'bob');

export const anyTaskCommands: fc.Arbitrary<Iterable<Command>> = fc.commands(
  [
    fc.integer({ min: 1, max: 4 }).map((objects) => new Plan(objects)),
    workers.map((worker) => new Lease(worker)),
    fc
      .tuple(fc.constantFrom(...reports), fc.nat(20), workers, fc.constantFrom(0, 0, 0, 0, 1))
      .map(([what, which, worker, behind]) => new Say(what, which, worker, behind)),
  ],
  { maxCommands: 60 },
);
