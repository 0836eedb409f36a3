import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aManifest, aTask, builtAt, someObjects } from '../testing/builders.js';
import { failure } from '../words/failure.js';
import { defaultJobPolicy, type JobPolicy } from '../words/job.js';
import type { Task } from '../words/task.js';
import { endAttempt } from './failure-rules.js';
import { acceptManifest, completeTask, grantLease } from './lease-rules.js';

const later = builtAt + 5_000;
const faulty = failure('command-failed', 'The command ended with exit code 7.');
const lost = failure('lease-expired', 'The worker was not heard of.');

/** Tasks of one listing through leases and ends of attempts, with the parts that split ones leave. */
class Simulation {
  readonly tasks: Task[];
  private readonly size: number;
  private names = 0;

  constructor(
    objects: number,
    private readonly budgets: JobPolicy,
  ) {
    this.size = objects;
    const { maxAttempts, maxLosses } = budgets;
    this.tasks = [aTask({ id: '0', objects: someObjects(objects), maxAttempts, maxLosses })];
  }

  lease(index: number): Task {
    const grant = { assignmentId: 'assignment', workerId: 'worker', now: later, leaseMs: 1 };
    return this.change(index, grantLease(this.at(index), grant));
  }

  end(index: number, why: typeof faulty): void {
    const newId = () => String((this.names += 1));
    const end = { failure: why, now: later, jitter: 1, policy: this.budgets, newId };
    const { task, parts } = endAttempt(this.at(index), end);
    this.change(index, task);
    this.tasks.push(...parts);
  }

  complete(index: number): void {
    const task = this.at(index);
    this.change(index, completeTask(acceptManifest(task, 'worker', task.fence, aManifest(task)), later));
  }

  /** The ordinals of the objects in every task that was not split: each of the listing once, at the position that is its own. */
  expectWhole(): void {
    const placed = this.tasks
      .filter(({ state }) => state !== 'split')
      .flatMap(({ position, objects }) => objects.map(({ key }, index) => [position + index, key] as const))
      .sort(([one], [other]) => one - other);
    expect(placed).toEqual(someObjects(this.size).map(({ key }, ordinal) => [ordinal, key]));
  }

  private at(index: number): Task {
    const task = this.tasks[index];
    if (!task) throw new Error(`There is no task at ${index}`);
    return task;
  }

  private change(index: number, task: Task): Task {
    const before = this.at(index);
    expect(task.fence).toBeGreaterThanOrEqual(before.fence);
    expect(task.failedAttempts).toBeLessThanOrEqual(task.maxAttempts);
    expect(task.losses).toBeLessThanOrEqual(task.maxLosses);
    expect(task.failedAttempts + task.losses).toBeLessThanOrEqual(task.fence);
    expect(task.lease !== undefined).toBe(task.state === 'leased');
    this.tasks[index] = task;
    return task;
  }
}

const budgets = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 4 }),
  maxLosses: fc.integer({ min: 1, max: 4 }),
});

describe('whatever ends attempts', () => {
  it('no fence falls, no budget is overdrawn, and every object stays in exactly one task at its position', () => {
    const ends = fc.array(fc.tuple(fc.nat(), fc.constantFrom(faulty, lost)), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), budgets, ends, (objects, budget, steps) => {
        const simulation = new Simulation(objects, { ...defaultJobPolicy, ...budget });
        for (const [which, why] of steps) {
          const waiting = [...simulation.tasks.entries()].filter(([, { state }]) => state === 'available');
          const [index] = waiting[which % waiting.length] ?? [];
          if (index === undefined) break;
          simulation.lease(index);
          simulation.end(index, why);
          simulation.expectWhole();
        }
      }),
    );
  });

  it('only the guilty objects end dead, each alone, and all others are done', () => {
    const guilt = fc.array(fc.boolean(), { minLength: 1, maxLength: 24 });
    fc.assert(
      fc.property(guilt, budgets, (guilty, budget) => {
        const simulation = new Simulation(guilty.length, { ...defaultJobPolicy, ...budget });
        for (let index = 0; index < simulation.tasks.length; index += 1) {
          while (simulation.tasks[index]?.state === 'available') {
            const { position, objects } = simulation.lease(index);
            const fails = objects.some((_, place) => guilty[position + place]);
            if (fails) simulation.end(index, faulty);
            else simulation.complete(index);
          }
        }
        const dead = simulation.tasks.filter(({ state }) => state === 'dead');
        expect(dead.every(({ objects }) => objects.length === 1)).toBe(true);
        expect(dead.map(({ position }) => position).sort((one, other) => one - other)).toEqual(
          guilty.flatMap((isGuilty, ordinal) => (isGuilty ? [ordinal] : [])),
        );
        simulation.expectWhole();
      }),
    );
  });
});
