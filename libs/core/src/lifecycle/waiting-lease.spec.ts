import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '../errors/longshore-error.js';
import { aJob, aLeasedTask, builtAt } from '../testing/builders.js';
import type { Task } from '../words/task.js';
import { acknowledgeLease, overdue, renewLease } from './lease-rules.js';
import { isStraggler } from './stragglers.js';
import { acknowledgeWaiting, isWaitingElsewhere, releaseWaiting, takeWaiting } from './waiting-lease.js';

const leaseMs = 30_000;
const hour = 3_600_000;
const policy = { ackTimeoutSeconds: 60, timeoutSeconds: 10 };
const waiting = () => acknowledgeWaiting(aLeasedTask(), 'worker', 1, builtAt, leaseMs);
const renewed = (task: Task, at: number) => renewLease(task, 'worker', 1, at, leaseMs);
const grant = (workerId: string, now: number) => ({ assignmentId: 'task.2', workerId, now, leaseMs });

describe('a task that was taken ahead', () => {
  it('is never late as long as its lease is renewed, and its time counts from its beginning', () => {
    const later = renewed(waiting(), builtAt + hour);
    expect(overdue(later, policy, builtAt + hour)).toBeUndefined();
    const begun = renewed(acknowledgeLease(later, 'worker', 1, builtAt + hour, leaseMs), builtAt + 2 * hour);
    expect(begun.lease).toMatchObject({ acknowledgedAt: builtAt + hour });
    expect(begun.lease).not.toHaveProperty('waiting');
    expect(overdue(begun, policy, builtAt + hour + 69_000)).toBeUndefined();
    expect(overdue(begun, policy, builtAt + hour + 70_000)).toBe('timed-out');
  });

  it('is taken back when nobody renews its lease', () => {
    expect(overdue(waiting(), policy, builtAt + leaseMs)).toBe('lease-expired');
  });

  it('does not wait again once it has begun, however late the word of it comes', () => {
    const begun = acknowledgeLease(waiting(), 'worker', 1, builtAt + 5_000, leaseMs);
    expect(acknowledgeWaiting(begun, 'worker', 1, builtAt + 6_000, leaseMs)).toEqual(begun);
    expect(() => acknowledgeWaiting(begun, 'other', 1, builtAt, leaseMs)).toThrow(LongshoreError);
  });

  it('is renewed whenever it is said to wait, because its worker counts from then', () => {
    const again = acknowledgeWaiting(waiting(), 'worker', 1, builtAt + 5_000, leaseMs);
    expect(again).toEqual(renewed(waiting(), builtAt + 5_000));
  });

  it('costs nothing when it is handed back', () => {
    const back = releaseWaiting(waiting(), builtAt + 9);
    expect(back).toMatchObject({
      state: 'available',
      availableAt: builtAt + 9,
      losses: 0,
      failedAttempts: 0,
      fence: 1,
    });
    expect(back).not.toHaveProperty('lease');
    expect(releaseWaiting(acknowledgeLease(aLeasedTask(), 'worker', 1, builtAt, leaseMs), builtAt)).toBeUndefined();
  });

  it('may be had by another worker after two seconds, whose fence is higher, and by nobody once it has begun', () => {
    const task = waiting();
    expect([1_999, 2_000].map((ms) => isWaitingElsewhere(task, 'other', builtAt + ms))).toEqual([false, true]);
    expect(isWaitingElsewhere(task, 'worker', builtAt + hour)).toBe(false);
    const taken = takeWaiting(task, grant('other', builtAt + 2_000));
    expect(taken).toMatchObject({ state: 'leased', fence: 2, lease: { workerId: 'other' } });
    expect(taken.lease).not.toHaveProperty('waiting');
    expect(taken).not.toHaveProperty('secondRun');
    const begun = acknowledgeLease(task, 'worker', 1, builtAt + 3_000, leaseMs);
    expect(() => takeWaiting(begun, grant('other', builtAt + hour))).toThrow(/begun/);
    expect(() => acknowledgeLease(taken, 'worker', 1, builtAt + 3_000, leaseMs)).toThrow(/is over/);
  });

  it('is never taken for a slow one', () => {
    const job = { ...aJob(), state: 'running' as const, longestTaskMs: 1 };
    const begun = acknowledgeLease(waiting(), 'worker', 1, builtAt + hour, leaseMs);
    expect([waiting(), begun].map((task) => isStraggler(task, job, 'other', builtAt + hour))).toEqual([false, false]);
    expect(isStraggler(begun, job, 'other', builtAt + hour + 30_001)).toBe(true);
  });
});
