/** How large the next tasks of a job are to be, by what it has learnt of its speed and how much of it is left. */
import type { Job } from '../words/job.js';
import { isAdaptive, type BatchingRule } from './batching-rule.js';
import { costOf, workOf, type Cost } from './pace.js';

/** What is never cut apart: an object, or a group. */
export interface Unit {
  objects: number;
  bytes: number;
}

/**
 * Each slot gets its share of what is left, divided by this: guided self-scheduling. The sizes fall towards the end, and a task that takes longer
 * than expected still ends with the others.
 */
const sharesLeft = 2;

/** No task is so many times longer, or larger, than any that was done. */
const boldness = 8;

/** While nothing is known, an object so many times the mean is tried first. */
const standsOut = 4;

export class TaskSizer {
  private readonly rule: BatchingRule;
  private readonly cost: Cost | undefined;
  private readonly slots: number;
  private readonly held: number;
  private readonly left: Unit;
  private triesLargest: boolean;

  /** @param wanted tasks that are about to be leased */
  constructor(
    private readonly job: Pick<Job, 'spec' | 'counts' | 'pace'>,
    wanted: number,
  ) {
    const { counts, pace, spec } = job;
    this.rule = spec.batching;
    this.cost = pace && costOf(pace);
    this.held = counts.tasks.leased + counts.tasks.accepted;
    this.slots = Math.max(pace?.slots ?? 0, this.held + wanted);
    this.left = { objects: counts.objects.available, bytes: counts.bytes.available };
    this.triesLargest = this.held === 0;
  }

  /** True for an object that takes longer than a task should: it is begun at once, by itself, wherever it stands. */
  isOutsize(unit: Unit): boolean {
    if ((this.rule.minObjects ?? 1) > 1) return false;
    if (this.cost) return workOf(this.cost, unit) > this.goal(this.cost);
    return this.triesLargest && unit.bytes * this.left.objects > standsOut * this.left.bytes * unit.objects;
  }

  /** How many of these make the next task; at least one. */
  take(units: readonly Unit[]): number {
    const { maxBytes = Infinity, minObjects = 1 } = this.rule;
    const { most = Infinity } = this.job.pace ?? {};
    const maxObjects = Math.min(this.rule.maxObjects, Math.max(minObjects, boldness * most));
    const goal = this.cost ? this.goal(this.cost) : 0;
    const task = { objects: 0, bytes: 0 };
    let taken = 0;
    for (const unit of units) {
      const next = { objects: task.objects + unit.objects, bytes: task.bytes + unit.bytes };
      const isEnough = task.objects >= minObjects && !(this.cost && workOf(this.cost, next) <= goal);
      if (taken > 0 && (isEnough || next.objects > maxObjects || next.bytes > maxBytes)) break;
      Object.assign(task, next);
      taken += 1;
    }
    return taken;
  }

  /** So much is left less. */
  note({ objects, bytes }: Unit): void {
    this.triesLargest = false;
    this.left.objects = Math.max(0, this.left.objects - objects);
    this.left.bytes = Math.max(0, this.left.bytes - bytes);
  }

  /** The seconds that the objects of the next task are to take, without those of the task itself. */
  private goal(cost: Cost): number {
    const { policy } = this.job.spec;
    const target = isAdaptive(this.rule) ? this.rule.targetSeconds : 0;
    const most = Math.min(target, policy.timeoutSeconds / 2) - cost.overhead;
    const share = workOf(cost, this.left) / (this.slots * sharesLeft);
    const believed = boldness * (this.job.pace?.longest ?? 0);
    // Below what a task costs by itself, smaller ones only cost more. Sums of fractions are never exact.
    return Math.max(cost.overhead, Math.min(most, share, believed)) * (1 + 1e-9);
  }
}
