import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { errorCodes, type ErrorCode } from '../errors/codes.js';
import { aLeasedTask, aManifest, aTask, builtAt, someObjects } from '../testing/builders.js';
import { failure } from '../words/failure.js';
import { defaultJobPolicy, type JobPolicy } from '../words/job.js';
import { taskStates, type Task } from '../words/task.js';
import { endAttempt, withdrawAcceptance, type AttemptEnd } from './failure-rules.js';
import { attemptsOfPart } from './parts.js';
import { acceptManifest } from './lease-rules.js';

const later = builtAt + 5_000;
const faulty = failure('command-failed', 'The command ended with exit code 7.', { log: 'last words' });
const lost = failure('lease-expired', 'The worker was not heard of.');
const policy: JobPolicy = { ...defaultJobPolicy, maxAttempts: 3, maxLosses: 4, retryDelaySeconds: 10 };
const refused = expect.objectContaining({ code: 'transition-refused' });

const end = (
  task: Task,
  why = faulty,
  changes: Partial<JobPolicy> = {},
  jitter = 0.5,
  how: Partial<AttemptEnd> = {},
) => {
  let parts = 0;
  const newId = () => `part-${(parts += 1)}`;
  return endAttempt(task, { failure: why, now: later, jitter, policy: { ...policy, ...changes }, newId, ...how });
};
const handBack = (task: Task) => end(task, lost, {}, 0.5, { handedBack: true });

describe('an attempt that ends without a result', () => {
  it('gives the task back without its lease, with the reason, under the fence it had', () => {
    const { task, parts } = end(aLeasedTask());
    expect(task).toMatchObject({ state: 'available', failure: faulty, fence: 1 });
    expect(task).not.toHaveProperty('lease');
    expect(task).not.toHaveProperty('endedAt');
    expect(parts).toEqual([]);
  });

  it.each(Object.keys(errorCodes) as ErrorCode[])(
    'with %s costs one of the two budgets, or none, by its class',
    (code) => {
      const { task } = end(aLeasedTask({ failedAttempts: 1, losses: 1 }), failure(code, 'Why.'));
      const spent = { job: [2, 1], resource: [2, 1], infra: [1, 2], request: [1, 2], config: [1, 1] };
      expect([task.failedAttempts, task.losses]).toEqual(spent[errorCodes[code]]);
    },
  );

  it.each(taskStates.filter((state) => state !== 'leased'))('is none for a task that is %s', (state) => {
    for (const failedAttempts of [0, 2]) {
      expect(() => end(aLeasedTask({ state, failedAttempts }))).toThrow(refused);
      expect(() => end(aLeasedTask({ state, failedAttempts, objects: someObjects(2) }))).toThrow(refused);
    }
    expect(() => end(aLeasedTask({ state, maxLosses: 4, losses: 3 }), lost)).toThrow(refused);
  });

  it('never splits a group that the job lists, whatever ends it', () => {
    const group = { number: 7, variables: { well: 'A01' } };
    const task = aLeasedTask({ objects: someObjects(3), group, failedAttempts: 2, losses: 3, maxLosses: 4 });
    const guilty = failure('input-changed', 'It has changed.', { objectKey: task.objects[1]?.key ?? '' });
    const kept = aManifest({ objects: task.objects.slice(0, 1) });
    const last = { maxAttempts: 1, retry: [{ on: { reason: 'input-changed' }, then: 'fail' as const }] };
    for (const how of [{}, { kept }]) {
      for (const ended of [end(task, faulty, {}, 0.5, how), end(task, guilty, last, 0.5, how)]) {
        expect(ended).toMatchObject({ task: { state: 'dead', group, objects: task.objects }, parts: [] });
      }
      expect(end(task, lost, {}, 0.5, how)).toMatchObject({ task: { state: 'dead', group }, parts: [] });
      expect(end({ ...task, failedAttempts: 0 }, faulty, {}, 0.5, how)).toMatchObject({
        task: { state: 'available', group, objects: task.objects },
        parts: [],
      });
    }
  });

  it('leaves the task it was given as it was', () => {
    const task = aLeasedTask({ objects: someObjects(2), failedAttempts: 2 });
    const before = structuredClone(task);
    end(Object.freeze(task));
    expect(task).toEqual(before);
  });
});

describe('a task out of attempts', () => {
  it('is dead when it holds one object', () => {
    const { task, parts } = end(aLeasedTask({ failedAttempts: 2 }));
    expect(task).toMatchObject({ state: 'dead', failedAttempts: 3, failure: faulty, endedAt: later });
    expect(task).not.toHaveProperty('lease');
    expect(parts).toEqual([]);
  });

  it('is split in two when it holds several, the first half the larger', () => {
    const objects = someObjects(5, 20);
    const { task, parts } = end(aLeasedTask({ failedAttempts: 2, position: 20, objects }));
    expect(task).toMatchObject({ state: 'split', objects, endedAt: later });
    const part = { state: 'available', failedAttempts: 0, losses: 0, maxAttempts: 1, maxLosses: 4, fence: 0 };
    expect(parts).toEqual([
      expect.objectContaining({ ...part, id: 'part-1', position: 20, objects: objects.slice(0, 3) }),
      expect.objectContaining({ ...part, id: 'part-2', position: 23, objects: objects.slice(3) }),
    ]);
  });

  it('goes by its own budget, which is smaller for the parts of a split task', () => {
    expect(end(aLeasedTask({ maxAttempts: 1 })).task.state).toBe('dead');
    expect(end(aLeasedTask({ maxAttempts: 5, failedAttempts: 2 })).task.state).toBe('available');
  });

  it('loses only the object its failure names, where a rule wants no second try', () => {
    const objects = someObjects(4);
    const named = failure('command-failed', 'Exit 3.', { exitCode: 3, objectKey: objects[2]?.key ?? '' });
    const { task, parts } = end(aLeasedTask({ objects }), named, { retry: [{ on: { exit: 3 }, then: 'fail' }] });
    expect(task.state).toBe('split');
    expect(
      parts.map((part) => [part.state, part.objects.map(({ key }) => objects.findIndex((one) => one.key === key))]),
    ).toEqual([
      ['dead', [2]],
      ['available', [0, 1, 3]],
    ]);
    expect(parts[0]).toMatchObject({ failure: named, failedAttempts: 1 });
  });

  it('is not so by losses, however many attempts they were', () => {
    expect(end(aLeasedTask({ failedAttempts: 2, losses: 2 }), lost).task).toMatchObject({
      state: 'available',
      failedAttempts: 2,
    });
  });
});

describe('a task out of losses', () => {
  it('is dead when it holds one object', () => {
    const { task, parts } = end(aLeasedTask({ maxLosses: 4, losses: 3 }), lost);
    expect(task).toMatchObject({ state: 'dead', losses: 4, failedAttempts: 0, failure: lost, endedAt: later });
    expect(parts).toEqual([]);
  });

  it('A13: is split when it holds several, and its parts may be lost a few times only, so that they eat no fleet', () => {
    const { task, parts } = end(aLeasedTask({ maxLosses: 10, losses: 9, objects: someObjects(4) }), lost, {
      maxLosses: 10,
    });
    expect(task).toMatchObject({ state: 'split', losses: 10 });
    expect(parts.map(({ losses, maxLosses, objects }) => [losses, maxLosses, objects.length])).toEqual([
      [0, 3, 2],
      [0, 3, 2],
    ]);
  });

  it('is not so by failures', () => {
    expect(end(aLeasedTask({ losses: 3 })).task).toMatchObject({ state: 'available', losses: 3 });
  });
});

describe('the parts of a split task', () => {
  it('get one attempt each while they hold several objects, and the whole budget alone', () => {
    expect([4, 3, 2, 1].map((objects) => attemptsOfPart(objects, policy))).toEqual([1, 1, 1, 3]);
  });
});

describe('the delay before the next try', () => {
  const delayMs = (task: Partial<Task>, why = faulty, changes: Partial<JobPolicy> = {}, jitter = 0.5) => {
    const budget = { maxAttempts: 100, maxLosses: 100, ...changes };
    return (
      end(aLeasedTask({ maxAttempts: 100, maxLosses: 100, ...task }), why, budget, jitter).task.availableAt - later
    );
  };

  it('is what the job says the first time, and doubles', () => {
    expect([0, 1, 2, 3].map((failedAttempts) => delayMs({ failedAttempts }))).toEqual([10_000, 20_000, 40_000, 80_000]);
  });

  it('is none after the first loss, and grows from the second one on', () => {
    expect([0, 1, 2, 3].map((losses) => delayMs({ losses }, lost))).toEqual([0, 10_000, 20_000, 40_000]);
  });

  it('grows to five minutes and no further', () => {
    expect(delayMs({ failedAttempts: 90 })).toBe(300_000);
    expect(delayMs({ losses: 90 }, lost)).toBe(300_000);
  });

  it('is never cut below what the job says', () => {
    expect(delayMs({}, faulty, { retryDelaySeconds: 3_600 })).toBe(3_600_000);
    expect(delayMs({ failedAttempts: 5 }, faulty, { retryDelaySeconds: 3_600 })).toBe(3_600_000);
  });

  it('is spread by a quarter to both sides', () => {
    expect([0, 1].map((jitter) => delayMs({}, faulty, {}, jitter))).toEqual([7_500, 12_500]);
    const spread = fc.property(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(50),
      fc.boolean(),
      fc.integer({ min: 0, max: 3_600 }),
      (jitter, before, blamesJob, retryDelaySeconds) => {
        const [task, why] = blamesJob ? [{ failedAttempts: before }, faulty] : [{ losses: before }, lost];
        const [middle, delay] = [0.5, jitter].map((at) => delayMs(task, why, { retryDelaySeconds }, at)) as [
          number,
          number,
        ];
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(Math.floor(middle * 0.75));
        expect(delay).toBeLessThanOrEqual(Math.ceil(middle * 1.25));
      },
    );
    fc.assert(spread);
  });
});

describe('a task that is handed back', () => {
  it('is available at once and only a loss is counted', () => {
    const { task } = handBack(aLeasedTask({ failedAttempts: 1, losses: 1 }));
    expect(task).toEqual({ ...aTask(), fence: 1, failedAttempts: 1, losses: 2, failure: lost, availableAt: later });
  });

  it('is dead when that happened as often as the job allows', () => {
    const { task } = handBack(aLeasedTask({ losses: 9 }));
    expect(task).toMatchObject({ state: 'dead', losses: 10, endedAt: later });
  });

  it('costs nothing where the configuration kept it from running', () => {
    const denied = failure('access-denied', 'The bucket refuses this user.');
    const { task } = end(aLeasedTask({ losses: 1 }), denied);
    expect(task).toEqual({ ...aTask(), fence: 1, losses: 1, failure: denied, availableAt: later });
  });

  it.each(taskStates.filter((state) => state !== 'leased'))('is refused when it is %s', (state) => {
    expect(() => handBack(aLeasedTask({ state }))).toThrow(refused);
  });
});

describe('an acceptance that is withdrawn', () => {
  const accepted = acceptManifest(aLeasedTask(), 'worker', 1, aManifest(aTask()));

  it('makes the task available again, without manifest and lease, for a loss', () => {
    const task = withdrawAcceptance(accepted, lost, later);
    expect(task).toEqual({ ...aTask(), fence: 1, losses: 1, failure: lost, availableAt: later });
  });

  it('ends with a dead task when that happened as often as the job allows', () => {
    const task = withdrawAcceptance({ ...accepted, losses: 9 }, lost, later);
    expect(task).toMatchObject({ state: 'dead', losses: 10, endedAt: later });
    expect(task).not.toHaveProperty('manifest');
  });

  it.each(taskStates.filter((state) => state !== 'accepted'))('is refused when the task is %s', (state) => {
    expect(() => withdrawAcceptance({ ...accepted, state }, lost, later)).toThrow(refused);
  });
});
