/** The tasks of a simulated job: who holds which, and what becomes of one that is lost, by the rules of real ones. */
import {
  assignmentId,
  endAttempt,
  failure,
  grantLease,
  grantSecondRun,
  newTaskRecord,
  type Failure,
  type Job,
  type AttemptEnd,
  type JobPolicy,
  type ObjectRef,
  type Task,
} from '@longshore/core';
import { drawn, type Draw } from './draw.js';
import { EventQueue } from './event-queue.js';
import type { Workload } from './workload.js';

/** A task of the simulation holds no objects: only how many there are, from its position on. */
export interface SimulatedTask {
  task: Task;
  count: number;
}

/** How an attempt ends that has no result. */
export const endings = {
  'lease expired': failure('lease-expired', 'Its worker was taken away without a word.'),
  'handed back': failure('worker-stopped', 'Its worker was told that it would be taken away.'),
  'timed out': failure('timed-out', 'Its command ran longer than the job allows.'),
} satisfies Record<string, Failure>;

/** The rules count the objects of a task, and look at none. */
const anyObject: ObjectRef = { key: '', sizeBytes: 0, etag: '' };

export type Ending = keyof typeof endings;

export class TaskBook {
  /** Tasks that are neither done nor dead. */
  open: number;
  completedObjects = 0;
  deadObjects = 0;
  /** The longest time a completed task was held. */
  longestTaskMs: number | undefined;
  private nextFresh = 0;
  private parts = 0;
  private ended = 0;
  private readonly again = new EventQueue<SimulatedTask>();
  private readonly job: Pick<Job, 'id' | 'spec'>;

  constructor(
    private readonly workload: Workload,
    private readonly policy: JobPolicy,
    private readonly draw: Draw,
  ) {
    this.open = workload.firsts.length - 1;
    this.job = { id: 'job', spec: { policy } as Job['spec'] };
  }

  /** The first task by position, leased to a worker; what was given back comes before what was never begun. */
  lease(workerId: string, now: number, leaseMs: number): SimulatedTask | undefined {
    const found = this.again.next()?.event ?? this.fresh(now);
    if (!found) return undefined;
    const { task, count } = found;
    return { count, task: grantLease(task, { ...grantOf(task, workerId, leaseMs), now }) };
  }

  /** The same task for a second worker, while the first still works on it. */
  leaseAgain({ task, count }: SimulatedTask, workerId: string, now: number, leaseMs: number): SimulatedTask {
    return { count, task: grantSecondRun(task, { ...grantOf(task, workerId, leaseMs), now }) };
  }

  complete({ task, count }: SimulatedTask, now: number): void {
    this.open -= 1;
    this.completedObjects += count;
    this.longestTaskMs = Math.max(this.longestTaskMs ?? 0, now - (task.lease?.leasedAt ?? now));
  }

  /** Ends an attempt without a result. @returns what has to be done again, with the time from which on it may */
  end({ task, count }: SimulatedTask, how: Ending, now: number): SimulatedTask[] {
    const objects = new Array<ObjectRef>(count).fill(anyObject);
    const { task: ended, parts } = endAttempt({ ...task, objects }, this.endOf(how, now));
    const going = (ended.state === 'split' ? parts : [ended]).map((one): SimulatedTask => ({
      count: one.objects.length,
      task: { ...one, objects: [] },
    }));
    this.open += going.length - 1;
    return going.filter((one) => !this.isDead(one));
  }

  /** May be leased from now on. */
  giveBack(one: SimulatedTask): void {
    this.again.plan(one.task.position, one);
  }

  private isDead({ task, count }: SimulatedTask): boolean {
    if (task.state !== 'dead') return false;
    this.open -= 1;
    this.deadObjects += count;
    return true;
  }

  private endOf(how: Ending, now: number): AttemptEnd {
    const newId = () => `part-${(this.parts += 1)}`;
    const jitter = this.draw(drawn.jitter, (this.ended += 1));
    return { failure: endings[how], now, jitter, policy: this.policy, newId, handedBack: how === 'handed back' };
  }

  private fresh(now: number): SimulatedTask | undefined {
    const { firsts, neverSplit } = this.workload;
    const number = this.nextFresh;
    if (number >= firsts.length - 1) return undefined;
    this.nextFresh += 1;
    const position = firsts[number] ?? 0;
    const group = neverSplit && { group: { number: number + 1, variables: {} } };
    const task = newTaskRecord(this.job, { id: String(number), position, objects: [], ...group }, now);
    return { task, count: (firsts[number + 1] ?? 0) - position };
  }
}

function grantOf({ id, fence }: Task, workerId: string, leaseMs: number) {
  return { assignmentId: assignmentId(id, fence + 1), workerId, leaseMs };
}
