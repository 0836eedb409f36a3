import { describe, expect, it } from '@jest/globals';
import { aTask, builtAt } from '../testing/builders.js';
import { defaultJobPolicy } from '../words/job.js';
import type { Task } from '../words/task.js';
import { endAttempt } from './failure-rules.js';
import { acknowledgeLease, grantLease, leaseMsFor, overdue, renewLease } from './lease-rules.js';
import { leftOut } from './legacy-word.js';

const policy = { ...defaultJobPolicy, timeoutSeconds: 100, ackTimeoutSeconds: 60 };
const leaseMs = 8_000;
const lease = { assignmentId: 'task.1', workerId: 'old', now: builtAt, leaseMs };
const held = grantLease(aTask(), { ...lease, legacy: true });
const acknowledged = (at: number, task: Task = held) =>
  acknowledgeLease(task, 'old', 1, at, leaseMsFor(task.lease, policy, leaseMs));

describe('the lease of a legacy worker', () => {
  it('waits for its acknowledgement as long as the job says, not as long as a lease', () => {
    expect(overdue(held, policy, builtAt + 59_999)).toBeUndefined();
    expect(overdue(held, policy, builtAt + 60_000)).toBe('acknowledgement-timeout');
  });

  it('then lasts the time limit of the job and one lease time, though nobody renews it', () => {
    const task = acknowledged(builtAt + 10_000);
    expect(overdue(task, policy, builtAt + 117_999)).toBeUndefined();
    expect(overdue(task, policy, builtAt + 118_000)).toBe('processing-timeout');
  });

  it('is not made longer by saying the same again', () => {
    const task = acknowledged(builtAt + 50_000, acknowledged(builtAt + 10_000));
    expect(task.lease).toMatchObject({ acknowledgedAt: builtAt + 10_000, expiresAt: builtAt + 118_000 });
  });

  it('is not cut short when every lease is renewed after a restart, and starts anew when it would be over', () => {
    const task = acknowledged(builtAt);
    expect(renewLease(task, 'old', 1, builtAt + 1_000, leaseMs).lease?.expiresAt).toBe(builtAt + 108_000);
    expect(renewLease(task, 'old', 1, builtAt + 200_000, leaseMs).lease?.expiresAt).toBe(builtAt + 208_000);
  });

  it('leaves its mark on the task, and on the parts of it', () => {
    expect(held.legacyHeld).toBe(true);
    const objects = [...aTask().objects, ...aTask().objects];
    const failure = leftOut({ ...held, objects }, []);
    const end = { failure, now: builtAt, jitter: 0, policy: { ...policy, maxAttempts: 1 }, newId: () => 'part' };
    const { parts } = endAttempt({ ...held, objects, maxAttempts: 1 }, end);
    expect(parts.map(({ legacyHeld }) => legacyHeld)).toEqual([true, true]);
  });
});

describe('the lease of any other worker', () => {
  const ours = grantLease(aTask(), lease);

  it('ends with its lease time, before and after its acknowledgement', () => {
    expect(ours).not.toHaveProperty('legacyHeld');
    expect(leaseMsFor(ours.lease, policy, leaseMs)).toBe(leaseMs);
    expect(overdue(ours, policy, builtAt + 8_000)).toBe('lease-expired');
    const later = acknowledgeLease(acknowledged(builtAt, ours), 'old', 1, builtAt + 7_000, leaseMs);
    expect(later.lease?.expiresAt).toBe(builtAt + 15_000);
    expect(overdue(later, policy, builtAt + 15_000)).toBe('lease-expired');
  });

  it('is taken back for want of an acknowledgement also when its lease ends at the same time', () => {
    expect(overdue(ours, { ...policy, ackTimeoutSeconds: 8 }, builtAt + 8_000)).toBe('acknowledgement-timeout');
  });
});
