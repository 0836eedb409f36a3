/** An orchestrator that is away for a while: workers go on, and nobody is taken for dead because nobody could ask. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { eventually } from './support/process.js';
import { Scene } from './support/scene.js';

const often = { LONGSHORE_HEARTBEAT_SECONDS: '0.5' };

async function away(scene: Scene, ms: number): Promise<void> {
  const before = performance.now();
  await scene.cluster.orchestrator.stop('SIGKILL');
  // Starting takes about a second of the time.
  await sleep(Math.max(0, ms - 1_000 - (performance.now() - before)));
  await scene.cluster.restartOrchestrator();
}

describe('an orchestrator that is killed', () => {
  it('A7 A8: and is back after half a lease finds every task where it was, and gives none of them twice', async () => {
    // A task that is taken ahead may be handed on before it began, which its fence cannot tell from one that was given twice.
    const environment = { ...often, LONGSHORE_PREFETCH: '0' };
    await using scene = await Scene.open({ objects: 6, leaseSeconds: 20, environment });
    const job = await scene.submit({ pauseSeconds: 14 });
    scene.startWorker('a', { LONGSHORE_SLOTS: '3' });
    scene.startWorker('b', { LONGSHORE_SLOTS: '3' });
    await scene.working(6);
    await away(scene, 10_000);
    const tasks = await scene.completes(job);
    expect(tasks.map(({ fence, losses }) => [fence, losses])).toEqual(tasks.map(() => [1, 0]));
    await scene.leavesNothing();
  });

  it.each([1, 3])('A7: and is back after %s leases has the work done once, or done again', async (leases) => {
    await using scene = await Scene.open({ objects: 2, leaseSeconds: 3 });
    const job = await scene.submit({ pauseSeconds: 2 });
    scene.startWorker('a');
    await scene.working();
    await away(scene, leases * 3_000);
    const tasks = await scene.completes(job);
    expect(tasks.every(({ fence, losses }) => fence === losses + 1 && fence <= 2)).toBe(true);
    await scene.leavesNothing();
  });

  it('A8: waits one lease time before it takes anything back, also from a worker that is dead', async () => {
    await using scene = await Scene.open();
    const job = await scene.submit({ pauseSeconds: 2 });
    const victim = scene.startWorker('a');
    await scene.working();
    await victim.stop('SIGKILL');
    await away(scene, 8_000);
    const back = performance.now();
    scene.startWorker('b');
    const taken = async () => ((await scene.tasks(job))[0]?.fence === 2 ? true : undefined);
    await eventually(taken, 20_000, () => 'the task to be given again');
    expect(performance.now() - back).toBeGreaterThan(4_500);
    expect(await scene.completes(job)).toMatchObject([{ fence: 2, losses: 1 }]);
    await scene.leavesNothing();
  });
});
