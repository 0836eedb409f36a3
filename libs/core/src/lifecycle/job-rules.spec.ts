import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aJob, aJobSpec, builtAt } from '../testing/builders.js';
import { defaultJobPolicy, endedJobStates, type Job } from '../words/job.js';
import { openTaskStates, taskStates, type TaskState } from '../words/task.js';
import { emptyCounts, endJob, isSettled } from './job-rules.js';

const later = builtAt + 9_000;

/** A running job whose listing is done, with tasks of one object each in these states. */
function listedJob(tasks: Partial<Record<TaskState, number>>, changes: Partial<Job> = {}): Job {
  const counts = { ...emptyCounts(), ...tasks };
  return aJob({
    state: 'running',
    scan: 'done',
    objectsListed: Object.values(counts).reduce((sum, count) => sum + count, 0),
    counts: { tasks: counts, objects: { ...counts }, bytes: emptyCounts() },
    ...changes,
  });
}

const tolerating = (toleratedDead: number) => ({
  spec: aJobSpec({ policy: { ...defaultJobPolicy, toleratedDead } }),
});

describe('a job is settled', () => {
  it('when the listing is complete and no task has work left', () => {
    expect(isSettled(listedJob({ completed: 2, dead: 1, split: 1, cancelled: 1 }))).toBe(true);
    expect(isSettled(listedJob({}))).toBe(true);
  });

  it.each(openTaskStates)('not while a task is %s', (state) => {
    expect(isSettled(listedJob({ completed: 9, [state]: 1 }))).toBe(false);
  });

  it.each(['pending', 'running'] as const)('not while the listing is %s, though every task so far is done', (scan) => {
    expect(isSettled(listedJob({ completed: 2 }, { scan }))).toBe(false);
  });
});

describe('a settled job', () => {
  it('is completed when every object is done', () => {
    const ended = endJob(listedJob({ completed: 3, split: 1 }), later);
    expect(ended).toMatchObject({ state: 'completed', endedAt: later });
    expect(ended).not.toHaveProperty('failure');
  });

  it('has failed when objects are dead, and says how many of how many', () => {
    const ended = endJob(listedJob({ completed: 7, dead: 2, split: 4 }), later);
    expect(ended).toMatchObject({ state: 'failed', endedAt: later });
    expect(ended.failure?.message).toContain('2 of 9 objects are set aside');
  });

  it('says what to do, also about a single one', () => {
    expect(endJob(listedJob({ completed: 7, dead: 1 }), later).failure?.message).toMatch(
      /^1 of 8 objects is set aside as a dead letter\. .*redrive.* submit the job again where you replaced an input\.$/,
    );
  });

  it('is completed with as many dead objects as it tolerates, and no more', () => {
    expect(endJob(listedJob({ completed: 7, dead: 2 }, tolerating(2)), later).state).toBe('completed');
    const ended = endJob(listedJob({ completed: 7, dead: 3 }, tolerating(2)), later);
    expect(ended.state).toBe('failed');
    expect(ended.failure?.message).toContain('2 were tolerated');
  });

  it('has failed when there was nothing to do, and says whether nothing is there or nothing matches', () => {
    const empty = endJob(listedJob({}), later);
    expect(empty).toMatchObject({ state: 'failed', failure: { code: 'no-objects', class: 'config' } });
    expect(empty.failure?.message).toContain('nothing is there');
    const spec = aJobSpec({ include: ['**/*.png', '**/*.tif'], exclude: ['tmp/**'] });
    const unmatched = endJob(listedJob({}, { spec, objectsListed: 12, objectsSkipped: 12 }), later);
    expect(unmatched.failure?.message).toContain(
      '12 objects are there, but none matches include **/*.png, **/*.tif without exclude tmp/**',
    );
  });

  it('has failed for the reason it was given, whatever its tasks say', () => {
    const failure = { class: 'config', code: 'report-failed', message: 'The report failed.' } as const;
    expect(endJob(listedJob({ completed: 3 }, { failure }), later)).toMatchObject({ state: 'failed', failure });
  });

  it('that never began may end as well', () => {
    const failure = { class: 'config', code: 'location-not-found', message: 'There is no such bucket.' } as const;
    expect(endJob(aJob({ failure }), later)).toMatchObject({ state: 'failed', failure });
    expect(endJob(listedJob({ completed: 1 }, { state: 'pending' }), later).state).toBe('completed');
  });

  it.each(endedJobStates)('ends once: one that is %s is refused', (state) => {
    const again = () => endJob(listedJob({ completed: 1 }, { state }), later);
    expect(again).toThrow(expect.objectContaining({ code: 'transition-refused' }));
  });

  it('never counts as completed with more dead objects than it tolerates, or with none done', () => {
    const counts = fc.record(Object.fromEntries(taskStates.map((state) => [state, fc.nat(5)])));
    const property = fc.property(counts, fc.nat(5), (tasks, toleratedDead) => {
      const job = listedJob({ ...tasks, available: 0, leased: 0, accepted: 0 }, tolerating(toleratedDead));
      const { dead, completed, cancelled } = job.counts.objects;
      const good = dead <= toleratedDead && dead + completed + cancelled > 0;
      expect(endJob(job, later).state).toBe(good ? 'completed' : 'failed');
    });
    fc.assert(property);
  });
});
