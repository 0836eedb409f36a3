import { describe, expect, it } from '@jest/globals';
import { aJob, aLeasedTask, builtAt } from '../testing/builders.js';
import type { Job } from '../words/job.js';
import type { Task } from '../words/task.js';
import { acknowledgeLease, grantSecondRun, heldLease } from './lease-rules.js';
import { isStraggler, withTaskTime } from './stragglers.js';

const job = (changes: Partial<Job> = {}) => aJob({ state: 'running', longestTaskMs: 20_000, ...changes });
const working = (changes: Partial<Task> = {}): Task => ({
  ...acknowledgeLease(aLeasedTask(), 'worker', 1, builtAt, 30_000),
  ...changes,
});
const slowAfter = (ms: number, task = working(), itsJob = job(), worker = 'other') =>
  isStraggler(task, itsJob, worker, builtAt + ms);

describe('a straggler', () => {
  it('takes more than three times as long as any completed task of its job', () => {
    expect([slowAfter(60_000), slowAfter(60_001)]).toEqual([false, true]);
  });

  it('takes at least half a minute', () => {
    const quick = job({ longestTaskMs: 10 });
    expect([slowAfter(30_000, working(), quick), slowAfter(30_001, working(), quick)]).toEqual([false, true]);
  });

  it('is none before anything was completed, while it is not acknowledged, or while its job does not run', () => {
    const { longestTaskMs: _none, ...young } = job();
    expect(slowAfter(90_000, working(), young)).toBe(false);
    expect(slowAfter(90_000, aLeasedTask())).toBe(false);
    expect(slowAfter(90_000, working(), job({ state: 'paused' }))).toBe(false);
  });

  it('is run again by another worker only, and only once', () => {
    expect(slowAfter(90_000, working(), job(), 'worker')).toBe(false);
    expect(slowAfter(90_000, working({ secondRun: true }))).toBe(false);
  });

  it('belongs to the second worker from then on', () => {
    const grant = { assignmentId: 'second', workerId: 'other', now: builtAt + 90_000, leaseMs: 30_000 };
    const task = grantSecondRun(working(), grant);
    expect(task).toMatchObject({ state: 'leased', fence: 2, secondRun: true });
    expect(heldLease(task, 'other', 2).expiresAt).toBe(builtAt + 120_000);
    expect(() => heldLease(task, 'worker', 1)).toThrow(expect.objectContaining({ code: 'stale-fence' }));
  });
});

describe('the longest time of a job', () => {
  it('is remembered when a task took longer', () => {
    expect(withTaskTime(job(), working(), builtAt + 25_000)).toMatchObject({ longestTaskMs: 25_000 });
    expect(withTaskTime(job(), working(), builtAt + 5_000)).toBeUndefined();
    expect(withTaskTime(aJob(), working(), builtAt)).toMatchObject({ longestTaskMs: 0 });
  });
});
