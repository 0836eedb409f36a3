/** A job that lives through anything the rules allow, in any order: what the store must keep right, whatever happens. */
import fc from 'fast-check';
import { assignmentId } from '../../lifecycle/assignment-id.js';
import { endAttempt, withdrawAcceptance, type AttemptEnd } from '../../lifecycle/failure-rules.js';
import {
  acceptManifest,
  acknowledgeLease,
  completeTask,
  grantSecondRun,
  renewLease,
} from '../../lifecycle/lease-rules.js';
import { cancelTask, redriveTask } from '../../lifecycle/redrive-rules.js';
import type { JobStore } from '../../ports/job-store.js';
import type { TaskChange } from '../../ports/store-exchange.js';
import { failure } from '../../words/failure.js';
import type { Job } from '../../words/job.js';
import type { Task, TaskState } from '../../words/task.js';
import { aManifest, aNewTask } from '../builders.js';
import { everyPage, lease } from './subject.js';

const blamesJob = failure('command-failed', 'The command ended with exit code 7.');
const blamesNobody = failure('lease-expired', 'The worker was not heard of.');
const refusal = failure('name-refused', 'Its name is refused.');

/** What may happen, and to a task in which state. */
const happenings = {
  plan: undefined,
  lease: undefined,
  acknowledge: 'leased',
  renew: 'leased',
  accept: 'leased',
  fail: 'leased',
  lose: 'leased',
  overtake: 'leased',
  finishInPart: 'leased',
  release: 'leased',
  publish: 'accepted',
  withdraw: 'accepted',
  cancel: 'available',
  redrive: 'dead',
} as const satisfies Record<string, TaskState | undefined>;

type Happening = keyof typeof happenings;

export interface Step {
  what: Happening;
  /** Chooses the task it happens to, and how much of it. */
  which: number;
}

export const anyHistory: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    what: fc.oneof(
      { weight: 2, arbitrary: fc.constantFrom<Happening>('plan', 'lease', 'lease', 'fail', 'accept') },
      { weight: 1, arbitrary: fc.constantFrom(...(Object.keys(happenings) as Happening[])) },
    ),
    which: fc.nat(1_000),
  }),
  { minLength: 10, maxLength: 40 },
);

export class History {
  private now: number;
  private listed = 0;

  constructor(
    private readonly store: JobStore,
    private readonly job: Job,
  ) {
    this.now = job.createdAt;
  }

  /** Lets one thing happen; nothing does where no task is in the state for it. */
  async take({ what, which }: Step): Promise<void> {
    this.now += 10_000_000;
    if (what === 'plan') return this.plan(which);
    if (what === 'lease') {
      await lease(this.store, { plugins: [this.job.spec.plugin], now: this.now, limit: 1 + (which % 3) });
      return;
    }
    const states = [happenings[what]];
    const tasks = await everyPage((request) => this.store.listTasks(this.job.id, { ...request, states }));
    const task = tasks[which % tasks.length];
    if (task) await this.store.changeTask(task.id, (found) => this.decide(what, found), this.now);
  }

  /** A step of the listing: a task of one to six objects, and now and then one that is refused. */
  private async plan(which: number): Promise<void> {
    const objects = 1 + (which % 6);
    const id = `${this.job.id}-${this.listed}`;
    const tasks = [aNewTask(id, this.listed, objects)];
    this.listed += objects;
    if (which % 5 === 0) {
      tasks.push(aNewTask(`${id}-refused`, this.listed, 1, { refusal }));
      this.listed += 1;
    }
    const step = { tasks, objectsListed: this.listed, objectsSkipped: 0, done: false };
    await this.store.recordScan(this.job.id, step, this.now);
  }

  private decide(what: Exclude<Happening, 'plan' | 'lease'>, task: Task): TaskChange {
    const { now } = this;
    const [workerId, fence] = [task.lease?.workerId ?? '', task.fence];
    switch (what) {
      case 'acknowledge':
        return { task: acknowledgeLease(task, workerId, fence, now, 30_000) };
      case 'renew':
        return { task: renewLease(task, workerId, fence, now, 30_000) };
      case 'accept':
        return { task: acceptManifest(task, workerId, fence, aManifest(task)) };
      case 'publish':
        return { task: completeTask(task, now), attempt: { outcome: 'completed' } };
      case 'fail':
        return this.endBy(task, blamesJob);
      case 'lose':
        return this.endBy(task, blamesNobody);
      case 'release':
        return {
          ...this.endBy(task, blamesNobody, { handedBack: true }),
          attempt: { outcome: 'released', failure: blamesNobody },
        };
      case 'withdraw':
        return {
          task: withdrawAcceptance(task, blamesNobody, now),
          attempt: { outcome: 'expired', failure: blamesNobody },
        };
      case 'cancel':
        return { task: cancelTask(task, now) };
      case 'redrive':
        return { task: redriveTask(task, this.job, now) };
      case 'overtake':
        return {
          task: grantSecondRun(task, {
            assignmentId: assignmentId(task.id, fence + 1),
            workerId: 'second',
            now,
            leaseMs: 30_000,
          }),
          attempt: { outcome: 'overtaken' },
        };
      case 'finishInPart': {
        const kept = aManifest({ objects: task.objects.slice(0, task.objects.length >> 1) });
        return this.endBy(task, blamesJob, { kept });
      }
    }
  }

  private endBy(task: Task, why: typeof blamesJob, how: Partial<AttemptEnd> = {}): TaskChange {
    const { policy } = this.job.spec;
    let parts = 0;
    const newId = () => `${task.id}.${task.fence}.${(parts += 1)}`;
    const ended = endAttempt(task, { failure: why, now: this.now, jitter: 0.5, policy, newId, ...how });
    return { ...ended, attempt: { outcome: 'failed', failure: why } };
  }
}
