/** Workers of the original system beside one of ours: they know four endpoints, and are believed. */
import { describe, expect, it } from '@jest/globals';
import type { ManifestLine } from '@longshore/core/protocol';
import { OriginalWorker } from './support/original-worker.js';
import { Scene } from './support/scene.js';
import { attemptsOf } from './support/tasks.js';

const objects = 24;

describe('workers of the original system', () => {
  it('A1 A5: share a job with ours; one fails, one leaves, one dies after its acknowledgement, and nothing is lost', async () => {
    await using scene = await Scene.open({
      onS3: true,
      objects,
      leaseSeconds: 3,
      ofOrchestrator: {
        LONGSHORE_ALLOW_LEGACY_WORKERS: 'true',
        LONGSHORE_PLUGIN: 'echo',
        LONGSHORE_WHEN_DONE: 'shutdown',
      },
    });
    const { cluster, sandbox, prefix } = scene;
    const environment = { ...scene.s3.environment, AWS_DEFAULT_REGION: 'us-east-1' };
    const place = { url: cluster.url, sandbox, environment };
    const job = await scene.submit({}, { policy: { timeoutSeconds: 4 } });

    await using dying = OriginalWorker.start(`${prefix}dying`, place, '--die-after-ack');
    await using leaving = OriginalWorker.start(`${prefix}leaving`, place, '--leave-holding');
    await dying.wrote(/acknowledged/);
    await leaving.wrote(/acknowledged/);
    await using old = OriginalWorker.start(`${prefix}old`, place, '--fail-once');
    await old.wrote(/status completed/);
    const ours = scene.startWorker('ours');

    const tasks = await scene.completes(job);
    const ended = await Promise.all([dying.ended, leaving.ended, old.ended, ours.ended]);
    expect(ended.map(({ code }) => code)).toEqual([null, 0, 0, 0]);
    expect(old.output).toMatch(/status shutting-down\n$/);

    const lines = (await cluster.text(`/api/v1/jobs/${job.id}/manifest`)).trim().split('\n');
    const manifest = lines.map((line) => JSON.parse(line) as ManifestLine);
    const [trusted, verified] = [
      manifest.filter((line) => line.unverified),
      manifest.filter((line) => !line.unverified),
    ];
    expect(manifest).toHaveLength(objects);
    expect(new Set(trusted.map(({ worker_id: id }) => id))).toEqual(new Set([await old.id()]));
    expect(verified.length).toBeGreaterThan(0);
    expect(verified.map(({ outputs }) => outputs.length)).toEqual(verified.map(() => 2));
    expect(tasks.filter(({ unverified }) => unverified)).toHaveLength(trusted.length);
    expect(await cluster.get(`/api/v1/jobs/${job.id}`)).toMatchObject({ objects_unverified: trusted.length });

    const attempts = (await Promise.all(tasks.map(({ id }) => attemptsOf(cluster, id)))).flat();
    const of = async (worker: OriginalWorker) => {
      const id = await worker.id();
      return attempts
        .filter(({ worker_id, outcome }) => worker_id === id && outcome !== 'completed')
        .map(({ outcome, failure }) => [outcome, failure?.code]);
    };
    expect(await of(dying)).toEqual([['expired', 'processing-timeout']]);
    expect(await of(leaving)).toEqual([['released', 'worker-stopped']]);
    expect(await of(old)).toEqual([['failed', 'command-failed']]);
    await scene.leavesNothingBehind();
  });
});
