/** A store that is busy, breaks off, lies, forbids, or holds something else than it listed. */
import { describe, expect, it } from '@jest/globals';
import { SeededChance } from '@longshore/core/testing';
import type { TaskAnswer } from '@longshore/core/protocol';
import { s3Refusal, type Damage, type Heard } from './support/fate.js';
import { Scene } from './support/scene.js';

const isDownload = ({ method, path }: Heard) => method === 'GET' && path.includes('/in/');

describe('objects that change while the job runs', () => {
  it.each([true, false])(
    'F12: sets the deleted and the overwritten aside, each with its reason (on S3: %s)',
    async (onS3) => {
      await using scene = await Scene.open({ objects: 5, onS3 });
      const job = await scene.submit({}, { batching: { maxObjects: 5 }, policy: { maxAttempts: 2 } });
      await scene.cluster.jobWhen(job.id, ({ scan }) => scan === 'done');
      await scene.remove('object-1.txt');
      await scene.write('object-3.txt', 'something else, and longer');

      scene.startWorker('a');
      const ended = await scene.cluster.jobWhen(job.id, ({ state }) => state === 'failed');
      expect(ended).toMatchObject({ objects: { completed: 3, dead: 2 } });
      const dead = (await scene.tasks(job)).filter(({ state }) => state === 'dead');
      const reasons = dead.map((task: TaskAnswer) => [task.file_names[0]?.replace('in/', ''), task.failure?.code]);
      expect(reasons.sort()).toEqual([
        ['object-1.txt', 'input-missing'],
        ['object-3.txt', 'input-changed'],
      ]);
      expect([...(await scene.outputs()).keys()].filter((name) => !name.endsWith('.sha256'))).toEqual([
        'object-0.txt',
        'object-2.txt',
        'object-4.txt',
      ]);
      await scene.leavesNothing();
    },
  );
});

describe('a store in trouble', () => {
  it('F13: three requests in ten refused, torn down or unanswered spend no attempt of the job', async () => {
    await using scene = await Scene.open({ objects: 8, onS3: true, leaseSeconds: 5 });
    const chance = new SeededChance(13);
    scene.store.decide = () => {
      const kind = chance.fraction();
      if (kind < 0.1) return { arrives: 'never', answer: s3Refusal(503, 'SlowDown') };
      if (kind < 0.15) return { arrives: 'never', answer: s3Refusal(500, 'InternalError') };
      if (kind < 0.2) return { arrives: 'never', answer: s3Refusal(429, 'TooManyRequests') };
      if (kind < 0.25) return { arrives: 'never', answer: 'reset' };
      return kind < 0.3 ? { answer: 'reset' } : {};
    };
    const job = await scene.submit({}, { batching: { maxObjects: 2 } });
    scene.startWorker('a');
    scene.startWorker('b');
    const tasks = await scene.completes(job, 90_000);
    expect(tasks.map((task) => task.failed_attempts)).toEqual([0, 0, 0, 0]);
    scene.store.calm();
    await scene.leavesNothing();
  });

  it('F13: an upload that was opened twice, because the first answer was lost, leaves one object and no open upload', async () => {
    await using scene = await Scene.open({ onS3: true });
    scene.store.next(1, ({ path }) => path.includes('uploads') && path.includes('/out/'), { answer: 'reset' });
    const job = await scene.submit();
    scene.startWorker('a');
    expect(await scene.completes(job)).toMatchObject([{ fence: 1 }]);
    expect(scene.store.counts.lost).toBe(1);
    await scene.leavesNothing();
  });

  it.each<[string, Damage]>([
    ['ends in the middle', 'half'],
    ['is shorter than it says', 'short'],
    ['has a wrong bit', 'flipped'],
  ])('F15: a body that %s is noticed and fetched again', async (_, damage) => {
    await using scene = await Scene.open({ onS3: true });
    scene.store.next(1, isDownload, { answer: damage });
    const job = await scene.submit();
    scene.startWorker('a');
    expect(await scene.completes(job)).toMatchObject([{ failed_attempts: 0 }]);
    expect(scene.store.counts.damaged).toBe(1);
    await scene.leavesNothing();
  });

  it('F13: a connection on which nothing comes any more holds nobody up for long', async () => {
    await using scene = await Scene.open({ onS3: true, environment: { LONGSHORE_STORAGE_PATIENCE_SECONDS: '2' } });
    scene.store.next(1, isDownload, { answer: 'silence' });
    const job = await scene.submit();
    scene.startWorker('a');
    expect(await scene.completes(job)).toMatchObject([{ failed_attempts: 0 }]);
    await scene.leavesNothing();
  });

  it('F16: access denied pauses the job once, and it goes on where it was when that is mended', async () => {
    await using scene = await Scene.open({ objects: 6, onS3: true });
    scene.store.decide = (heard) =>
      isDownload(heard) ? { arrives: 'never', answer: s3Refusal(403, 'AccessDenied') } : {};
    const job = await scene.submit();
    scene.startWorker('a');
    const paused = await scene.cluster.jobWhen(job.id, ({ state }) => state === 'paused');
    expect(paused.failure).toMatchObject({ code: 'access-denied' });
    const asked = scene.store.seen.filter(({ path }) => path.includes('/in/object')).length;
    expect(asked).toBeLessThanOrEqual(2);
    expect((await scene.tasks(job)).map((task) => [task.state, task.failed_attempts, task.losses])).toEqual(
      Array.from({ length: 6 }, () => ['available', 0, 0]),
    );

    scene.store.calm();
    await resume(scene, job.id);
    await scene.completes(job);
    await scene.leavesNothing();
  });

  it('F16: an output that may not be stored pauses the job once, whatever refuses it, and nothing is lost', async () => {
    await using scene = await Scene.open({ objects: 3, onS3: true });
    const isUpload = ({ method, path }: Heard) => method === 'POST' && path.includes('uploads');
    const refusals: [number, string, string][] = [
      [403, 'AccessDenied', 'access-denied'],
      [400, 'KMS.DisabledException', 'access-denied'],
      [404, 'NoSuchBucket', 'location-not-found'],
    ];
    let refusal: ReturnType<typeof s3Refusal> | undefined;
    scene.store.decide = (heard) => (refusal && isUpload(heard) ? { arrives: 'never', answer: refusal } : {});
    refusal = s3Refusal(403, 'AccessDenied');
    const job = await scene.submit();
    scene.startWorker('a');
    for (const [status, name, code] of refusals) {
      refusal = s3Refusal(status, name);
      if (name !== 'AccessDenied') await resume(scene, job.id);
      const paused = await scene.cluster.jobWhen(job.id, ({ state }) => state === 'paused');
      expect(paused.failure).toMatchObject({ code });
      expect((await scene.tasks(job)).map((task) => [task.failed_attempts, task.losses])).toEqual([
        [0, 0],
        [0, 0],
        [0, 0],
      ]);
    }
    scene.store.calm();
    await resume(scene, job.id);
    await scene.completes(job);
    await scene.leavesNothing();
  });
});

async function resume({ cluster }: Scene, jobId: string): Promise<void> {
  expect((await fetch(`${cluster.url}/api/v1/jobs/${jobId}/resume`, { method: 'POST' })).status).toBe(200);
}
