/** Clocks that are wrong, or jump, or stand still because nobody looks at them. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { fakeTime } from './support/faketime.js';
import { repository } from './support/process.js';
import { Sandbox } from './support/sandbox.js';
import { Scene } from './support/scene.js';

const pausing = join(repository, 'test', 'plugins', 'pausing.mjs');
const hourMs = 3_600_000;

describe('a worker whose clock is wrong', () => {
  it.each([
    ['-2h', -2 * hourMs],
    ['+1y', 365 * 24 * hourMs],
  ])('C1: by %s keeps its lease, and loses it when it is killed, like any other', async (offset, offMs) => {
    await using scene = await Scene.open({ objects: 2 });
    const job = await scene.submit({ pauseSeconds: 6 });
    const worker = scene.startWorker('a', fakeTime({ offset }));
    const [, stamp = ''] = await worker.wrote(/"time":"([^"]+)"/);
    expect(Math.abs(Date.parse(stamp) - Date.now() - offMs)).toBeLessThan(hourMs / 2);

    await scene.cluster.jobWhen(job.id, ({ objects }) => objects.completed === 1);
    await scene.working();
    await worker.stop('SIGKILL');
    scene.startWorker('b', fakeTime({ offset }));
    const tasks = await scene.completes(job);
    expect(tasks.map(({ fence }) => fence).sort()).toEqual([1, 2]);
    await scene.leavesNothing();
  });
});

describe('an orchestrator whose clock steps', () => {
  it.each([
    ['back', '-1h', -hourMs],
    ['forward', '+1h', hourMs],
  ])('C2: %s by an hour neither takes leases back nor forgets to', async (_, offset, offMs) => {
    await using sandbox = await Sandbox.open();
    const clock = await sandbox.write('clock', '+0');
    await using scene = await Scene.open({ objects: 2, ofOrchestrator: fakeTime({ file: clock }) });
    const job = await scene.submit({ pauseSeconds: 6 });
    const worker = scene.startWorker('a');
    await scene.working();
    await writeFile(clock, offset);
    // Node.js writes the date of an answer once a second.
    await sleep(1_100);
    const { headers } = await fetch(`${scene.cluster.url}/healthz`);
    expect(Math.abs(Date.parse(headers.get('date') ?? '') - Date.now() - offMs)).toBeLessThan(60_000);

    await scene.cluster.jobWhen(job.id, ({ objects }) => objects.completed === 1);
    await scene.working();
    await worker.stop('SIGKILL');
    scene.startWorker('b');
    const tasks = await scene.completes(job);
    expect(tasks.map(({ fence }) => fence).sort()).toEqual([1, 2]);
    await scene.leavesNothing();
  });
});

describe('a worker whose main loop stands still', () => {
  it('C5: for longer than its lease keeps it, and says that it stood still', async () => {
    await using scene = await Scene.open({ environment: { LONGSHORE_PLUGINS: pausing } });
    const job = await scene.submit({ blockSeconds: 8, seconds: 0.5 }, { plugin: 'pausing' });
    const worker = scene.startWorker('a', {}, pausing);
    scene.startWorker('b', {}, pausing);
    await scene.cluster.jobWhen(job.id, ({ state }) => state === 'completed');
    expect(await scene.tasks(job)).toMatchObject([{ fence: 1, losses: 0 }]);
    expect(worker.output + scene.cluster.workers[1]?.output).toMatch(/main thread has not answered for \d seconds/);
    await scene.leavesNothing();
  });
});
