import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newTaskRecord } from '../lifecycle/new-task.js';
import { createConflictTest } from '../layout/workspace-conflicts.js';
import { aJob, aJobSpec, anObject, someObjects } from '../testing/builders.js';
import { countsOf } from '../testing/job-store/subject.js';
import type { Job } from '../words/job.js';
import type { ObjectRef } from '../words/object-ref.js';
import { taskBytes, type Task } from '../words/task.js';
import type { BatchingRule } from './batching-rule.js';
import { createBatcher } from './batcher.js';
import { cutNamed, cutTasks } from './cut-tasks.js';
import { costOf, learn, secondsOf, type Pace } from './pace.js';
import { largestBytes } from './piece.js';

const target = { targetSeconds: 60, maxObjects: 10_000, minObjects: 1 };

/** A job at this speed: so many seconds for each object, and so many for a task. */
function paceOf(perObject: number, overhead = 0): Pace {
  const sizes = Array.from({ length: 60 }, (_, index) => 1 + ((index * 7) % 40));
  const told = sizes.map((objects) => ({ objects, bytes: 100 * objects, seconds: overhead + perObject * objects }));
  return { ...told.reduce<Pace | undefined>((pace, one) => learn(pace, { ...one, held: 2 }), undefined)!, longest: 60 };
}

/** A store of one job, in the simplest form. */
class Bench {
  tasks: Task[];
  job: Job;

  constructor(
    objects: readonly ObjectRef[],
    rule: Partial<BatchingRule> = {},
    options: { pace?: Pace; groupOf?: (object: ObjectRef) => string } = {},
  ) {
    const { pace, groupOf } = options;
    const batching = { ...target, ...rule };
    this.job = aJob({ state: 'running', spec: aJobSpec({ batching }), ...(pace && { pace }) });
    const conflicts = createConflictTest(({ key }) => key);
    const batcher = createBatcher({ rule: batching, conflicts, ...(groupOf && { groupOf }) });
    const batches = [...objects.flatMap((object, position) => batcher.add(object, position)), ...batcher.flush()];
    this.tasks = batches.map((batch, index) => newTaskRecord(this.job, { id: `task-${index}`, ...batch }, 0));
  }

  lease(wanted: number): Task[] {
    const waiting = this.tasks
      .filter(({ state }) => state === 'available')
      .sort((one, other) => one.position - other.position);
    const sizes = waiting.map((task) => largestBytes(task) ?? -1);
    const bytes = Math.max(-1, ...sizes);
    const largest = () => (bytes < 0 ? undefined : { bytes, task: () => waiting[sizes.indexOf(bytes)] });
    const job = { ...this.job, counts: countsOf(this.tasks) };
    const { tasks, created, changed, removed } = cutTasks(job, { byPosition: () => waiting, largest }, wanted);
    const after = new Map(changed.map((change) => [change.before.id, change.after]));
    const kept = this.tasks.filter((task) => !removed.includes(task)).map((task) => after.get(task.id) ?? task);
    this.tasks = [...kept, ...created].map((task) => (tasks.includes(task) ? { ...task, state: 'leased' } : task));
    return tasks;
  }

  get uncut(): Task[] {
    return this.tasks.filter(({ uncut }) => uncut);
  }
}

const keysOf = (tasks: readonly Task[]) => tasks.flatMap(({ objects }) => objects.map(({ key }) => key));

describe('tasks that are cut as they are leased', () => {
  it('are tries of the fewest objects while nothing is known, so that every worker has one at once', () => {
    const bench = new Bench(someObjects(200));
    expect(bench.lease(12).map(({ objects }) => objects.length)).toEqual(Array.from({ length: 12 }, () => 1));
    const pairs = new Bench(someObjects(200), { minObjects: 2 });
    expect(pairs.lease(3).map(({ objects }) => objects.length)).toEqual([2, 2, 2]);
  });

  it('take as long as is wanted, in the order of the listing', () => {
    const bench = new Bench(someObjects(5_000), {}, { pace: paceOf(0.5) });
    const [first, second] = bench.lease(2);
    expect(first!.objects.length).toBeGreaterThanOrEqual(110);
    expect(first!.objects.length).toBeLessThanOrEqual(120);
    expect(keysOf([first!, second!])).toEqual(
      someObjects(first!.objects.length + second!.objects.length).map(({ key }) => key),
    );
    expect(first!.position).toBe(0);
    expect(second!.position).toBe(first!.objects.length);
    expect([first, second].every((task) => task!.uncut === undefined)).toBe(true);
  });

  it('take no longer than believed: a few times what was seen', () => {
    const pace = { ...paceOf(0.5), longest: 1 };
    expect(new Bench(someObjects(5_000), {}, { pace }).lease(1)[0]!.objects.length).toBeLessThanOrEqual(16);
  });

  it('begin with the object that takes longer than a task should, wherever it stands', () => {
    const giant = anObject('in/object-000900', { sizeBytes: 1e9 });
    const objects = someObjects(1_000).map((object) => (object.key === giant.key ? giant : object));
    const bench = new Bench(objects, {}, { pace: paceOf(0.5) });
    expect(keysOf(bench.lease(1))).toEqual([giant.key]);
    expect(keysOf(bench.lease(1))[0]).toBe(objects[0]!.key);
    const unknown = new Bench(objects);
    expect(keysOf(unknown.lease(2))).toEqual([giant.key, objects[0]!.key]);
  });

  it('keep groups whole', () => {
    const objects = someObjects(900);
    const groupOf = ({ key }: ObjectRef) => key.slice(-1);
    const bench = new Bench(objects, {}, { pace: paceOf(0.5), groupOf });
    const tasks = [...bench.lease(3), ...bench.lease(100)];
    expect(keysOf(tasks).sort()).toEqual(objects.map(({ key }) => key));
    const homes = tasks.map((task) => new Set(task.objects.map(groupOf)));
    expect(homes.reduce((sum, { size }) => sum + size, 0)).toBe(10);
  });

  it('are leased by name whole in their own row: the task that was named, and what is left of it', () => {
    const bench = new Bench(someObjects(8), {}, { pace: paceOf(20) });
    const [piece] = bench.tasks;
    const { tasks, created, changed, removed } = cutNamed({ ...bench.job, counts: countsOf(bench.tasks) }, piece!);
    expect(tasks).toMatchObject([{ id: piece!.id, position: 0 }]);
    expect(changed).toEqual([{ before: piece, after: tasks[0] }]);
    expect(removed).toEqual([]);
    expect(created).toMatchObject([{ uncut: {} }]);
    expect(keysOf([...tasks, ...created])).toEqual(keysOf([piece!]));
    expect(created[0]!.id).not.toBe(piece!.id);
  });

  it('write a long list anew only now and then', () => {
    const bench = new Bench(someObjects(60_000), {}, { pace: paceOf(10) });
    let written = 0;
    for (let index = 0; index < 200; index += 1) {
      const before = new Set(bench.uncut);
      bench.lease(1);
      for (const piece of bench.uncut) if (!before.has(piece)) written += piece.objects.length;
    }
    expect(written).toBeLessThan(200 * 150);
  });

  it('hold every object exactly once, within all bounds, whatever is asked for', () => {
    const rule = fc.record(
      {
        maxObjects: fc.integer({ min: 3, max: 40 }),
        maxBytes: fc.integer({ min: 1, max: 2_000 }),
        minObjects: fc.integer({ min: 1, max: 3 }),
        targetSeconds: fc.integer({ min: 1, max: 50 }),
      },
      { requiredKeys: ['targetSeconds', 'maxObjects'] },
    );
    const key = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 6 })
      .map((parts) => parts.join('/'));
    const listing = fc
      .tuple(fc.uniqueArray(key, { maxLength: 120 }), fc.infiniteStream(fc.nat(300)))
      .map(([keys, sizes]) => keys.sort().map((one) => anObject(one, { sizeBytes: sizes.next().value })));
    const pace = fc.option(fc.tuple(fc.double({ min: 0.01, max: 20, noNaN: true }), fc.nat(10)), { nil: undefined });
    const wishes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
    fc.assert(
      fc.property(listing, rule, pace, fc.boolean(), wishes, (objects, limits, speed, isGrouped, wanted) => {
        const groupOf = ({ key: name }: ObjectRef) => name.split('/').at(-1) ?? '';
        const known = speed && paceOf(...speed);
        const bench = new Bench(objects, limits, { ...(known && { pace: known }), ...(isGrouped && { groupOf }) });
        const leased: Task[] = [];
        for (let turn = 0; bench.uncut.length > 0; turn += 1) {
          const tasks = bench.lease(wanted[turn % wanted.length]!);
          expect(tasks.length).toBeGreaterThan(0);
          expect(tasks.length).toBeLessThanOrEqual(wanted[turn % wanted.length]!);
          leased.push(...tasks);
        }
        expect(keysOf(leased).sort()).toEqual(objects.map((object) => object.key));
        expect(new Set(bench.tasks.map(({ id }) => id)).size).toBe(bench.tasks.length);
        const cost = known && costOf(known);
        for (const task of leased) {
          expect(task.uncut).toBeUndefined();
          const units = isGrouped ? new Set(task.objects.map(groupOf)).size : task.objects.length;
          if (units === 1) continue;
          expect(task.objects.length).toBeLessThanOrEqual(limits.maxObjects);
          expect(taskBytes(task)).toBeLessThanOrEqual(limits.maxBytes ?? Infinity);
          if (!isGrouped) expect(conflictsIn(task)).toEqual([]);
          const few = task.objects.length <= (limits.minObjects ?? 1) || isGrouped;
          const longest = Math.max(limits.targetSeconds, 2 * (cost?.overhead ?? 0)) + 1e-3;
          if (cost && !few)
            expect(secondsOf(cost, { objects: units, bytes: taskBytes(task) })).toBeLessThanOrEqual(longest);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function conflictsIn({ objects }: Task): string[] {
  const names = new Set(objects.map(({ key }) => key));
  return [...names].filter((name) => [...names].some((other) => other.startsWith(`${name}/`)));
}
