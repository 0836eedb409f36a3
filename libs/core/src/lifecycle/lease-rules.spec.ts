import { describe, expect, it } from '@jest/globals';
import { aLeasedTask, aManifest, aTask, builtAt } from '../testing/builders.js';
import { defaultJobPolicy } from '../words/job.js';
import { taskStates, type Task } from '../words/task.js';
import {
  acceptManifest,
  acknowledgeLease,
  completeTask,
  grantLease,
  heldLease,
  overdue,
  renewLease,
} from './lease-rules.js';

const grant = { assignmentId: 'assignment', workerId: 'ann', now: builtAt, leaseMs: 30_000 };
const refused = expect.objectContaining({ code: 'transition-refused' });
const stale = expect.objectContaining({ code: 'stale-fence' });

describe('granting a lease', () => {
  it('gives the task to the worker for the lease time and raises the fence by one', () => {
    expect(grantLease(aTask({ fence: 4 }), grant)).toEqual(
      aTask({
        state: 'leased',
        fence: 5,
        lease: { assignmentId: 'assignment', workerId: 'ann', leasedAt: builtAt, expiresAt: builtAt + 30_000 },
      }),
    );
  });

  it('keeps why the attempt before failed, so that it can be shown meanwhile', () => {
    const failure = { class: 'job', code: 'command-failed', message: 'Exit code 7.' } as const;
    expect(grantLease(aTask({ failure }), grant)).toMatchObject({ failure });
  });

  it.each(taskStates.filter((state) => state !== 'available'))('is refused for a task that is %s', (state) => {
    expect(() => grantLease(aTask({ state }), grant)).toThrow(refused);
  });

  it('leaves the task it was given as it was', () => {
    const task = Object.freeze(aTask());
    grantLease(task, grant);
    expect(task).toEqual(aTask());
  });
});

describe('a held lease', () => {
  const task = grantLease(aTask({ fence: 4 }), grant);

  it('is given to its worker under its fence', () => {
    expect(heldLease(task, 'ann', 5)).toBe(task.lease);
  });

  it.each([
    ['another worker', 'bob', 5],
    ['an older fence', 'ann', 4],
    ['a fence that was never issued', 'ann', 6],
  ])('is refused to %s', (_, workerId, fence) => {
    expect(() => heldLease(task, workerId, fence)).toThrow(stale);
  });

  it('is refused when there is none any more, and the sentence says how things stand', () => {
    const { lease: _over, ...available } = { ...task, state: 'available' as const };
    expect(() => heldLease(available, 'ann', 5)).toThrow(stale);
    expect(() => heldLease(available, '', 5)).toThrow(/Attempt 5 of task task is over; the task is available/);
  });

  it('is held past its end while nobody has taken it back', () => {
    const late = renewLease(task, 'ann', 5, builtAt + 90_000, 30_000);
    expect(late.lease?.expiresAt).toBe(builtAt + 120_000);
  });
});

const reports: [string, (task: Task, workerId: string, fence: number) => Task][] = [
  ['an acknowledgement', (task, workerId, fence) => acknowledgeLease(task, workerId, fence, builtAt, 30_000)],
  ['a renewal', (task, workerId, fence) => renewLease(task, workerId, fence, builtAt, 30_000)],
  ['a manifest', (task, workerId, fence) => acceptManifest(task, workerId, fence, aManifest(task))],
];

describe.each(reports)('%s', (_, report) => {
  it('counts from the worker that holds the lease, under its fence', () => {
    expect(report(aLeasedTask(), 'worker', 1)).toMatchObject({ id: 'task', fence: 1 });
  });

  it('is refused to another worker and under another fence', () => {
    expect(() => report(aLeasedTask(), 'other', 1)).toThrow(stale);
    expect(() => report(aLeasedTask(), 'worker', 0)).toThrow(stale);
    expect(() => report(aLeasedTask(), 'worker', 2)).toThrow(stale);
  });

  it.each(taskStates.filter((state) => state !== 'leased' && state !== 'accepted'))(
    'is refused for a task that is %s, even with a lease',
    (state) => {
      expect(() => report(aLeasedTask({ state }), 'worker', 1)).toThrow(refused);
    },
  );
});

describe('acknowledging a lease', () => {
  it('records when, and once only', () => {
    const once = acknowledgeLease(aLeasedTask(), 'worker', 1, builtAt + 5, 30_000);
    expect(once.lease?.acknowledgedAt).toBe(builtAt + 5);
    expect(acknowledgeLease(once, 'worker', 1, builtAt + 99, 30_000).lease?.acknowledgedAt).toBe(builtAt + 5);
  });

  it('renews it, because it may be given long after it was leased', () => {
    expect(acknowledgeLease(aLeasedTask(), 'worker', 1, builtAt + 5, 30_000).lease?.expiresAt).toBe(builtAt + 30_005);
  });
});

describe('renewing a lease', () => {
  it('moves its end to one lease time from now and nothing else', () => {
    const task = acknowledgeLease(aLeasedTask(), 'worker', 1, builtAt + 5, 30_000);
    const renewed = renewLease(task, 'worker', 1, builtAt + 10_000, 30_000);
    expect(renewed).toEqual({ ...task, lease: { ...task.lease, expiresAt: builtAt + 40_000 } });
  });

  it('goes on while the outputs are being published', () => {
    const task = acceptManifest(aLeasedTask(), 'worker', 1, aManifest(aTask()));
    expect(renewLease(task, 'worker', 1, builtAt + 1, 30_000)).toMatchObject({ state: 'accepted' });
  });
});

describe('accepting and completing', () => {
  const failed = aLeasedTask({ failure: { class: 'job', code: 'command-failed', message: 'Exit code 7.' } });
  const manifest = aManifest(failed);
  const accepted = acceptManifest(failed, 'worker', 1, manifest);

  it('keeps the manifest and forgets the failure of an attempt before', () => {
    expect(accepted).toMatchObject({ state: 'accepted', manifest, lease: failed.lease });
    expect(accepted).not.toHaveProperty('failure');
  });

  it('ends the lease once every output is visible', () => {
    const done = completeTask(accepted, builtAt + 7);
    expect(done).toMatchObject({ state: 'completed', manifest, endedAt: builtAt + 7, fence: 1 });
    expect(done).not.toHaveProperty('lease');
  });

  it('happens once', () => {
    expect(() => acceptManifest(accepted, 'worker', 1, manifest)).toThrow(refused);
    expect(() => completeTask(completeTask(accepted, builtAt), builtAt)).toThrow(refused);
    expect(() => completeTask(aLeasedTask(), builtAt)).toThrow(refused);
  });
});

describe('a lease is overdue', () => {
  const policy = { ...defaultJobPolicy, ackTimeoutSeconds: 20, timeoutSeconds: 100 };
  const renewedUntil = (task: Task, expiresAt: number): Task =>
    task.lease ? { ...task, lease: { ...task.lease, expiresAt } } : task;
  const far = builtAt + 10_000_000;
  const waiting = renewedUntil(aLeasedTask(), far);
  const working = renewedUntil(acknowledgeLease(aLeasedTask(), 'worker', 1, builtAt + 1_000, 30_000), far);

  it('never without a lease', () => {
    expect(overdue(aTask(), policy, far)).toBeUndefined();
  });

  it('at its end, in whatever state it is held', () => {
    const accepted = acceptManifest(aLeasedTask(), 'worker', 1, aManifest(aTask()));
    for (const task of [aLeasedTask(), accepted]) {
      expect(overdue(task, { ...policy, ackTimeoutSeconds: 60 }, builtAt + 29_999)).toBeUndefined();
      expect(overdue(task, { ...policy, ackTimeoutSeconds: 60 }, builtAt + 30_000)).toBe('lease-expired');
    }
  });

  it('when nobody acknowledges it in time', () => {
    expect(overdue(waiting, policy, builtAt + 19_999)).toBeUndefined();
    expect(overdue(waiting, policy, builtAt + 20_000)).toBe('acknowledgement-timeout');
    expect(overdue(working, policy, builtAt + 20_000)).toBeUndefined();
  });

  it('when it is renewed and renewed and nothing is done, counted from the acknowledgement', () => {
    expect(overdue(working, policy, builtAt + 1_000 + 199_999)).toBeUndefined();
    expect(overdue(working, policy, builtAt + 1_000 + 200_000)).toBe('timed-out');
  });

  it('no sooner than a minute after the time limit, however short that is', () => {
    const short = { ...policy, timeoutSeconds: 1 };
    expect(overdue(working, short, builtAt + 1_000 + 60_999)).toBeUndefined();
    expect(overdue(working, short, builtAt + 1_000 + 61_000)).toBe('timed-out');
  });

  it('not for time while its outputs are being published', () => {
    const accepted = acceptManifest(working, 'worker', 1, aManifest(aTask()));
    expect(overdue(accepted, policy, builtAt + 5_000_000)).toBeUndefined();
  });
});
