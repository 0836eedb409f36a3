import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aLeasedTask, aManifest, builtAt, someObjects } from '../testing/builders.js';
import { failure } from '../words/failure.js';
import { defaultJobPolicy } from '../words/job.js';
import type { Task } from '../words/task.js';
import { endAttempt } from './failure-rules.js';

const later = builtAt + 5_000;
const faulty = failure('command-failed', 'The command ended with exit code 7.');

function endWith(task: Task, keptOrdinals: readonly number[], why = faulty) {
  let parts = 0;
  const kept = aManifest({ objects: task.objects.filter((_, ordinal) => keptOrdinals.includes(ordinal)) });
  const newId = () => `part-${(parts += 1)}`;
  return endAttempt(task, { failure: why, now: later, jitter: 0.5, policy: defaultJobPolicy, newId, kept });
}

describe('an attempt that finished some of its objects', () => {
  it('keeps those as an accepted task of the same worker, and the rest begins anew', () => {
    const { task, parts } = endWith(aLeasedTask({ objects: someObjects(4), failedAttempts: 2 }), [0, 1, 3]);
    expect(task).toMatchObject({ state: 'split', failure: faulty });
    expect(task).not.toHaveProperty('lease');
    const [done, rest] = parts;
    expect(done).toMatchObject({
      state: 'accepted',
      fence: 1,
      lease: { workerId: 'worker', assignmentId: 'part-1.1' },
      manifest: { attempt: 1, workerId: 'worker' },
    });
    expect(done?.objects).toEqual([0, 1, 3].map((ordinal) => someObjects(4)[ordinal]));
    expect(rest).toMatchObject({ state: 'available', fence: 0, failedAttempts: 1, failure: faulty, position: 2 });
    expect(rest?.objects).toEqual([someObjects(4)[2]]);
    expect(parts.length).toBe(2);
  });

  it('gives an object that is left alone its whole budget', () => {
    const { parts } = endWith(aLeasedTask({ objects: someObjects(2), maxAttempts: 1 }), [0]);
    expect(parts[1]).toMatchObject({ state: 'available', failedAttempts: 1, maxAttempts: 3 });
  });

  it('sets the rest aside at once where a rule of the job says so', () => {
    const policy = { ...defaultJobPolicy, retry: [{ on: { exit: 7 }, then: 'fail' as const }] };
    const kept = aManifest({ objects: someObjects(1) });
    const why = failure('command-failed', 'Exit 7.', { exitCode: 7 });
    const end = { failure: why, now: later, jitter: 0.5, policy, newId: () => String(Math.random()), kept };
    const { parts } = endAttempt(aLeasedTask({ objects: someObjects(2) }), end);
    expect(parts.map(({ state }) => state)).toEqual(['accepted', 'dead']);
  });

  it('leaves every object in exactly one task, whatever was finished and however it ended', () => {
    const losses = failure('worker-stopped', 'The worker has to stop.');
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 20 }),
        fc.array(fc.nat(19), { minLength: 1 }),
        fc.constantFrom(faulty, losses),
        fc.nat(2),
        (count, ordinals, why, failedAttempts) => {
          const kept = [...new Set(ordinals.map((ordinal) => ordinal % count))];
          fc.pre(kept.length < count);
          const task = aLeasedTask({ objects: someObjects(count), failedAttempts });
          const { parts } = endWith(task, kept, why);
          const keys = parts.flatMap(({ objects }) => objects.map(({ key }) => key));
          expect([...keys].sort()).toEqual(task.objects.map(({ key }) => key));
        },
      ),
    );
  });
});
