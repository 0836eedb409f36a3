/** A job on many slots in virtual time: tasks are cut, run and learnt from as in a store, and it is told when each ended. */
import { createBatcher } from '../batching/batcher.js';
import { isAdaptive, type BatchingRule } from '../batching/batching-rule.js';
import { cutTasks } from '../batching/cut-tasks.js';
import { largestBytes } from '../batching/piece.js';
import { withPace } from '../lifecycle/job-pace.js';
import { newTaskRecord } from '../lifecycle/new-task.js';
import { defaultJobPolicy, type Job } from '../words/job.js';
import type { ObjectRef } from '../words/object-ref.js';
import { taskBytes, type Task } from '../words/task.js';
import { aJob, aJobSpec } from './builders.js';

export interface SimulatedWork {
  objects: readonly ObjectRef[];
  rule: BatchingRule;
  /** When each slot comes in, in seconds. */
  slots: readonly number[];
  /** What a task costs, whatever is in it. */
  overhead: number;
  /** What one object takes that is begun at this time. */
  secondsOf: (object: ObjectRef, at: number) => number;
  groupOf?: (object: ObjectRef) => string;
  /** Longest time of a command. */
  timeoutSeconds?: number;
}

export interface SimulatedTask {
  begin: number;
  end: number;
  objects: ObjectRef[];
}

export interface SimulatedOutcome {
  /** In the order in which they were begun. */
  tasks: SimulatedTask[];
  makespan: number;
  job: Job;
}

export function simulateFleet(work: SimulatedWork): SimulatedOutcome {
  return new SimulatedFleet(work).run();
}

class SimulatedFleet {
  private waiting: Task[] = [];
  private readonly sizes = new WeakMap<Task, number>();
  private job: Job;
  private readonly done: SimulatedTask[] = [];
  private readonly running: { at: number; slot: number; task?: Task; begin: number }[];

  constructor(private readonly work: SimulatedWork) {
    const { rule, timeoutSeconds = 1e9 } = work;
    const policy = { ...defaultJobPolicy, timeoutSeconds };
    this.job = aJob({ spec: aJobSpec({ batching: rule, policy }), state: 'running', scan: 'done' });
    const batcher = createBatcher({ rule, ...(work.groupOf && { groupOf: work.groupOf }) });
    const batches = work.objects.flatMap((object, position) => batcher.add(object, position));
    for (const [index, batch] of [...batches, ...batcher.flush()].entries()) {
      const task = newTaskRecord(this.job, { id: `task-${index}`, ...batch }, 0);
      this.waiting.push(task);
      this.count(undefined, task);
    }
    this.running = work.slots.map((at, slot) => ({ at, slot, begin: at }));
  }

  run(): SimulatedOutcome {
    for (;;) {
      const next = this.running.sort((one, other) => one.at - other.at || one.slot - other.slot).shift();
      if (!next) break;
      if (next.task) this.complete(next.task, next.begin, next.at);
      const task = this.lease();
      if (!task) continue;
      const end = next.at + this.lengthOf(task, next.at);
      this.running.push({ at: end, slot: next.slot, task, begin: next.at });
    }
    const tasks = this.done.sort((one, other) => one.begin - other.begin);
    return { tasks, makespan: Math.max(0, ...tasks.map(({ end }) => end)), job: this.job };
  }

  private lengthOf({ objects }: Task, begin: number): number {
    const { overhead, secondsOf } = this.work;
    return objects.reduce((sum, object) => sum + secondsOf(object, begin + sum), overhead);
  }

  private lease(): Task | undefined {
    const { waiting } = this;
    const { tasks, created, changed, removed } = cutTasks(
      this.job,
      { byPosition: () => waiting, largest: () => this.largest() },
      1,
    );
    const [task] = tasks;
    if (!task) return undefined;
    for (const { before, after } of changed) this.count(before, after);
    for (const one of created) this.count(undefined, one);
    for (const one of removed) this.count(one, undefined);
    if (task === waiting[0]) {
      waiting.shift();
    } else {
      const gone = new Set([task, ...removed, ...changed.map(({ before }) => before)]);
      const left = [...waiting, ...changed.map(({ after }) => after), ...created].filter((one) => !gone.has(one));
      this.waiting = left.filter((one) => one !== task).sort((one, other) => one.position - other.position);
    }
    const leased: Task = { ...task, state: 'leased' };
    this.count(task, leased);
    return leased;
  }

  private largest(): { bytes: number; task: () => Task } | undefined {
    if (!isAdaptive(this.work.rule)) return undefined;
    let found: { bytes: number; task: () => Task } | undefined;
    for (const task of this.waiting) {
      const bytes = this.sizes.get(task) ?? largestBytes(task);
      if (bytes === undefined) continue;
      this.sizes.set(task, bytes);
      if (bytes > (found?.bytes ?? -1)) found = { bytes, task: () => task };
    }
    return found;
  }

  private complete(task: Task, begin: number, end: number): void {
    this.job = withPace(this.job, task, (end - begin) * 1_000) ?? this.job;
    this.count(task, { ...task, state: 'completed' });
    this.done.push({ begin, end, objects: task.objects });
  }

  private count(before: Task | undefined, after: Task | undefined): void {
    const { counts } = this.job;
    for (const [one, sign] of [[before, -1] as const, [after, 1] as const]) {
      if (!one) continue;
      counts.tasks[one.state] += sign;
      counts.objects[one.state] += sign * one.objects.length;
      counts.bytes[one.state] += sign * taskBytes(one);
    }
  }
}
