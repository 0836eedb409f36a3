import { describe, expect, it } from '@jest/globals';
import { emptyCounts } from '../lifecycle/job-rules.js';
import { aJob, aTask, aWorker, builtAt, someObjects } from '../testing/builders.js';
import { failure } from '../words/failure.js';
import type { Job } from '../words/job.js';
import { duration, mostDeadTold, mostJobsTold, runReport } from './run-report.js';

function endedJob(
  objects: Partial<Record<'completed' | 'dead' | 'cancelled', number>>,
  changes: Partial<Job> = {},
): Job {
  const counts = { ...aJob().counts, objects: { ...emptyCounts(), ...objects } };
  return aJob({ state: 'completed', scan: 'done', endedAt: builtAt + 65_000, counts, ...changes });
}

const noDead = { workers: [], dead: [] };

describe('the report of a run', () => {
  it('adds up what became of every object of every job', () => {
    const jobs = [
      endedJob({ completed: 20, dead: 1 }, { id: 'one', objectsSkipped: 3 }),
      endedJob({ completed: 4, dead: 1, cancelled: 7 }, { id: 'two', state: 'cancelled' }),
    ];
    const report = runReport({ ...noDead, jobs }, builtAt + 70_000);
    expect(report.objects).toEqual({ done: 24, dead: 2, skipped: 3, cancelled: 7 });
    expect(report.jobs).toMatchObject([
      { id: 'one', done: 20 },
      { id: 'two', state: 'cancelled', output: 's3://results/out/' },
    ]);
    expect(report).toMatchObject({ took: '1 min 5 s', startedAt: '2026-01-01T00:00:00.000Z' });
  });

  it('counts the workers of this run alone, and those that left without a word', () => {
    const workers = [
      aWorker({ id: 'a', state: 'shutting-down' }),
      aWorker({ id: 'b', state: 'unavailable' }),
      aWorker({ id: 'of-an-earlier-run', state: 'shutting-down', lastSeenAt: builtAt - 1 }),
    ];
    expect(runReport({ ...noDead, jobs: [endedJob({})], workers }, builtAt).workers).toEqual({ all: 2, lost: 1 });
  });

  it('tells of a dead task its object, its reason and one sentence', () => {
    const dead = [
      aTask({
        state: 'dead',
        failure: failure('out-of-memory', 'It wanted\n\tmore\u001b[31mmemory.', { objectKey: 'in/b' }),
      }),
      aTask({ id: 'wide', state: 'dead', objects: someObjects(3) }),
    ];
    const report = runReport({ jobs: [endedJob({ dead: 5 })], workers: [], dead }, builtAt);
    expect(report.dead).toMatchObject([
      { key: 'in/b', reason: 'out-of-memory', message: 'It wanted more [31mmemory.', others: 0 },
      { taskId: 'wide', others: 2, reason: 'internal-error' },
    ]);
    expect(report.furtherDead).toBe(1);
  });

  it('is bounded, and says how much it leaves out', () => {
    const long = failure('command-failed', 'x'.repeat(10_000));
    const dead = Array.from({ length: mostDeadTold + 5 }, (_, n) => aTask({ id: `t${n}`, failure: long }));
    const jobs = Array.from({ length: mostJobsTold + 2 }, (_, n) =>
      endedJob({ dead: 10 }, { id: `j${n}`, failure: long }),
    );
    const report = runReport({ jobs, workers: [], dead }, builtAt);
    expect([report.dead.length, report.furtherDead]).toEqual([mostDeadTold, 10 * (mostJobsTold + 2) - mostDeadTold]);
    expect([report.jobs.length, report.furtherJobs]).toEqual([mostJobsTold, 2]);
    expect(report.objects.dead).toBe(10 * (mostJobsTold + 2));
    expect(JSON.stringify(report).length).toBeLessThan(60_000);
  });

  it.each([
    [0, '0 s'],
    [61_000, '1 min 1 s'],
    [3_840_000, '1 h 4 min'],
    [90_000_000, '25 h 0 min'],
  ])('says %i ms as %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });
});
