import { describe, expect, it } from '@jest/globals';
import { emptyCounts } from '../lifecycle/job-rules.js';
import { aJob, aWorker, builtAt } from '../testing/builders.js';
import type { Job } from '../words/job.js';
import { waitingNews, waitingNow, workersThere, type Waiting, type WorkersThere } from './waiting-work.js';

const patienceMs = 300_000;
const nobody: WorkersThere = { able: 'no', draining: 0, ofOtherPlugins: 0 };

function jobWith(tasks: { available?: number; leased?: number; completed?: number }): Job {
  const counts = { ...emptyCounts(), ...tasks };
  return aJob({ state: 'running', counts: { tasks: counts, objects: counts, bytes: counts } });
}

const look = (before: Waiting | undefined, after: number, tasks: Parameters<typeof jobWith>[0], able = nobody.able) =>
  waitingNow(
    before,
    { now: builtAt + after, plugin: 'echo', jobs: [jobWith(tasks)], workers: { ...nobody, able } },
    patienceMs,
  );

describe('work that waits without a worker', () => {
  it('is told when it has waited for its time, and not again while it goes on', () => {
    const first = look(undefined, 0, { available: 2 });
    expect(first).toEqual({ waiting: { since: builtAt, settled: 0 }, tell: false });
    expect(look(first.waiting, patienceMs - 1, { available: 2 })).toEqual(first);
    const told = look(first.waiting, patienceMs, { available: 2 });
    expect(told).toEqual({ waiting: { since: builtAt, settled: 0, toldAt: builtAt + patienceMs }, tell: true });
    expect(look(told.waiting, 10 * patienceMs, { available: 2 })).toEqual({ waiting: told.waiting, tell: false });
    expect(look(told.waiting, 10 * patienceMs, { available: 2 }, 'yes')).toEqual({
      waiting: told.waiting,
      tell: false,
    });
  });

  it.each([
    ['a worker holds some of it', { available: 1, leased: 1 }, 'no', undefined],
    ['nothing waits any longer', { completed: 2 }, 'no', undefined],
    ['some of it was done between two looks', { available: 1, completed: 1 }, 'no', { since: builtAt + 1, settled: 1 }],
  ] as const)('begins anew after people were told when %s', (_, tasks, able, expected) => {
    const told = { since: builtAt - patienceMs, settled: 0, toldAt: builtAt };
    expect(look(told, 1, tasks, able)).toEqual({ waiting: expected, tell: false });
  });

  it('waits for nothing while a worker could take it, and decides nothing while one may come back', () => {
    const before = { since: builtAt, settled: 0 };
    expect(look(before, patienceMs, { available: 1 }, 'yes')).toEqual({ waiting: undefined, tell: false });
    expect(look(before, patienceMs, { available: 1 }, 'unknown')).toEqual({ waiting: before, tell: false });
  });

  it('is told with its jobs, and with the workers that cannot help', () => {
    const jobs = [jobWith({ available: 2 }), jobWith({ completed: 1 })];
    const workers = { able: 'no', draining: 1, ofOtherPlugins: 2 } as const;
    const sight = { now: builtAt + patienceMs, plugin: 'echo', jobs, workers };
    expect(waitingNews({ since: builtAt, settled: 0 }, sight)).toMatchObject({
      id: `no-workers:echo:${builtAt}`,
      facts: {
        waiting: {
          plugin: 'echo',
          tasks: 2,
          seconds: 300,
          jobs: [{ tasks: 2 }],
          furtherJobs: 0,
          workers: { draining: 1 },
        },
        commands: ['longshore worker --plugin echo', 'longshore workers --all'],
      },
    });
  });
});

describe('the workers that are there', () => {
  const rules = {
    now: builtAt + 1_000,
    servingSince: 0,
    goneMs: 500,
    canRun: ({ plugin }: { plugin?: string }) => plugin === 'echo',
  };
  const here = { plugin: 'echo', lastSeenAt: builtAt + 900 };

  it.each([
    ['one that was heard of', [aWorker(here)], rules, { able: 'yes', draining: 0, ofOtherPlugins: 0 }],
    ['one that drains', [aWorker({ ...here, draining: true })], rules, { able: 'no', draining: 1, ofOtherPlugins: 0 }],
    [
      'one of another plugin',
      [aWorker({ ...here, plugin: 'other' })],
      rules,
      { able: 'no', draining: 0, ofOtherPlugins: 1 },
    ],
    [
      'one that was given up',
      [aWorker({ ...here, state: 'unavailable' })],
      rules,
      { able: 'no', draining: 0, ofOtherPlugins: 0 },
    ],
    ['one that has left', [aWorker({ ...here, state: 'shutting-down' })], rules, nobody],
    ['one that is gone', [aWorker({ ...here, lastSeenAt: builtAt })], rules, nobody],
    [
      'one of before a restart',
      [aWorker({ ...here, lastSeenAt: builtAt })],
      { ...rules, servingSince: builtAt + 900 },
      { ...nobody, able: 'unknown' },
    ],
    ['none', [], rules, nobody],
  ] as const)('are counted: %s', (_, workers, found, expected) => {
    expect(workersThere(workers, found)).toEqual(expected);
  });
});
