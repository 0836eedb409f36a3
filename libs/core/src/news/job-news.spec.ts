import { describe, expect, it } from '@jest/globals';
import { emptyCounts } from '../lifecycle/job-rules.js';
import { aJob, aJobSpec, aTask, builtAt } from '../testing/builders.js';
import type { Job } from '../words/job.js';
import { endNews, passedThreshold, pausedBy, pauseNews, thresholdNews } from './job-news.js';

function job(objects: { available?: number; completed?: number; dead?: number }, changes: Partial<Job> = {}): Job {
  const counts = { ...emptyCounts(), ...objects };
  return aJob({
    state: 'running',
    scan: 'done',
    counts: { tasks: counts, objects: counts, bytes: counts },
    ...changes,
  });
}

describe('the threshold of dead objects', () => {
  it.each([
    ['a number that is reached', '5', job({ available: 10, dead: 5 }), undefined],
    ['a number that is passed', '5', job({ available: 10, dead: 6 }), { limit: 5, percent: 37.5 }],
    ['the first dead object, where none is wanted', '0', job({ available: 10, dead: 1 }), { limit: 0, percent: 9.1 }],
    ['a share that is reached', '10%', job({ available: 90, dead: 10 }), undefined],
    ['a share that is passed', '10%', job({ available: 89, dead: 11 }), { limit: 10, percent: 11 }],
    [
      'a share of the first few that were listed',
      '10%',
      job({ available: 1, dead: 9 }, { scan: 'running' }),
      undefined,
    ],
    [
      'a share of many that were listed',
      '10%',
      job({ available: 800, dead: 200 }, { scan: 'running' }),
      { limit: 100, percent: 20 },
    ],
    [
      'a number while it is listed',
      '5',
      job({ available: 1, dead: 9 }, { scan: 'running' }),
      { limit: 5, percent: 90 },
    ],
    ['a job with nothing left to do', '0', job({ completed: 1, dead: 9 }), undefined],
    ['a job that has ended', '0', job({ available: 1, dead: 9 }, { state: 'cancelled' }), undefined],
  ])('is judged by %s', (_, setting, found, expected) => {
    expect(passedThreshold(found, setting)).toEqual(expected && { setting, ...expected });
  });

  it('is told with what is tolerated and with the dead tasks', () => {
    const spec = aJobSpec({ policy: { ...aJobSpec().policy, toleratedDead: '50%' } });
    const past = job({ available: 6, dead: 2 }, { spec });
    const dead = [aTask({ id: 'sick', state: 'dead', objects: [{ key: 'in/x', sizeBytes: 1, etag: 'e' }] })];
    const news = thresholdNews({ job: past, dead }, passedThreshold(past, '1')!, builtAt);
    expect(news).toMatchObject({ id: `threshold-passed:${past.id}`, event: 'threshold-passed', at: builtAt });
    expect(news.facts).toMatchObject({
      job: { tolerated: 4, dead: [{ taskId: 'sick', key: 'in/x' }], furtherDead: 1 },
      threshold: { setting: '1', limit: 1, percent: 25 },
    });
  });
});

describe('the end of a job', () => {
  it('is told with every count, and what to do', () => {
    const counts = { ...emptyCounts(), completed: 7, dead: 2, cancelled: 1 };
    const ended = job(
      {},
      {
        state: 'failed',
        counts: { tasks: counts, objects: counts, bytes: counts },
        objectsSkipped: 3,
        objectsDoneBefore: 4,
        objectsUnverified: 5,
        startedAt: builtAt,
        endedAt: builtAt + 61_000,
        failure: { code: 'command-failed', class: 'job', message: 'Two\nare dead.' },
      },
    );
    expect(endNews({ job: ended, dead: [] })).toMatchObject({
      id: `job-failed:${ended.id}:${builtAt + 61_000}`,
      facts: {
        job: {
          objects: { all: 10, done: 7, dead: 2, open: 0, cancelled: 1, skipped: 3, before: 4, unverified: 5 },
          furtherDead: 2,
          listing: false,
          took: '1 min 1 s',
        },
        failure: { code: 'command-failed', message: 'Two are dead.' },
        commands: [`longshore dead ${ended.id}`, `longshore redrive ${ended.id}`, `longshore manifest ${ended.id}`],
        threshold: null,
        run: null,
      },
    });
  });

  it('is no news of a job that goes on', () => {
    expect(endNews({ job: job({ available: 1 }), dead: [] })).toBeUndefined();
  });
});

describe('a fault that pauses a job', () => {
  const why = { code: 'access-denied', class: 'config', message: 'The bucket is closed.' } as const;

  it('is no news of a job that does not run', () => {
    expect(pausedBy(job({}, { state: 'paused' }), why)).toBeUndefined();
    expect(pausedBy(job({}), why)).toMatchObject({ state: 'paused', failure: why });
  });

  it('survives a trip through JSON, and names who met it', () => {
    const news = pauseNews({ job: job({ available: 3 }), dead: [] }, why, { now: builtAt, where: 'Task 1 met it.' });
    expect(news.facts.failure).toEqual({
      code: why.code,
      message: why.message,
      objectKey: null,
      where: 'Task 1 met it.',
    });
    expect(JSON.parse(JSON.stringify(news))).toEqual(news);
  });
});
