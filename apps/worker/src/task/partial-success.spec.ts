import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LongshoreError, type JobPlugin } from '@longshore/core';
import {
  aPlugin,
  ManualClock,
  MemoryObjectStore,
  ScriptedContainerEngine,
  SeededChance,
  type ScriptedProgram,
} from '@longshore/core/testing';
import { Slot } from '../slots/slot.js';
import { anAssignment } from '../testing/assignments.js';
import { ScriptedClient } from '../testing/scripted-client.js';
import { TaskRunner, type TaskSignals } from './task-runner.js';

/** Copies every input but the last one, and ends as it is told. */
const allButLast =
  (end: ScriptedProgram): ScriptedProgram =>
  async (call) => {
    for (const name of call.argv.slice(1, -1))
      await call.write(`/outputs/${name}.out`, await call.read(`/inputs/${name}`));
    return end(call);
  };

const programs: Record<string, ScriptedProgram> = {
  fails: allButLast(() => ({ exitCode: 7, log: 'the last one is bad' })),
  succeeds: allButLast(() => ({ exitCode: 0 })),
  hangs: allButLast(
    ({ signal }) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
  ),
  all: async ({ argv, read, write }) => {
    for (const name of argv.slice(1)) await write(`/outputs/${name}.out`, await read(`/inputs/${name}`));
    return { exitCode: 7 };
  },
};

describe('a command that ends early', () => {
  let home: string;
  let objects: MemoryObjectStore;
  let client: ScriptedClient;
  const never = new AbortController().signal;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'longshore-part-'));
    objects = new MemoryObjectStore();
    objects.createBucket('images');
    objects.createBucket('results');
    client = new ScriptedClient();
    client.onReport = ({ details }) =>
      details?.manifest ? { message: 'recorded', kept: { assignment_id: 'part.1', fence: 1 } } : undefined;
  });
  afterEach(async () => {
    expect(objects.stagedCount).toBe(0);
    await rm(home, { recursive: true });
  });

  const plugin = (program: string, outputsAppearWhole?: true): JobPlugin =>
    aPlugin(
      { outputsAppearWhole },
      { command: (task) => [program, ...task.objects.map((object) => object.relativeKey)] },
    );

  async function run(definition: JobPlugin, signals: Partial<TaskSignals> = {}, timeout_seconds = 60): Promise<void> {
    const engine = new ScriptedContainerEngine({ images: ['busybox:1.36'], programs });
    const slot = await Slot.open(engine, definition, { number: 0, workerName: 'w', labels: {} }, home);
    const [clock, chance] = [new ManualClock(), new SeededChance()];
    const tools = { client, clock, chance, objects, plugin: definition, imageDigest: 'sha256:x', workerId: 'w' };
    const assignment = anAssignment(objects, { a: 'A', b: 'B', c: 'C' }, { timeout_seconds });
    await new TaskRunner(tools).run(assignment, slot, { lost: never, stopping: never, ...signals });
    await slot.remove();
  }

  const published = () => objects.keys('results').map((key) => key.slice('out/'.length));
  const kept = () => {
    const { manifest } = client.reports[0]?.details as { manifest?: { entries: { objectKey: string }[] } };
    return manifest?.entries.map(({ objectKey }) => objectKey);
  };

  it('keeps what is finished where outputs appear whole, publishes it, and says so', async () => {
    await run(plugin('fails', true));
    expect(kept()).toEqual(['in/a', 'in/b']);
    expect(client.reports[0]).toMatchObject({
      status: 'failed',
      details: { code: 'command-failed', exit_code: 7, log: 'the last one is bad', manifest: { exitCode: 7 } },
    });
    expect(client.reports[1]).toMatchObject({ status: 'published', assignment_id: 'part.1', fence: 1 });
    expect(published()).toEqual(['a.out', 'b.out']);
  });

  it('keeps nothing where an output that exists may be half of one', async () => {
    await run(plugin('fails'));
    expect(kept()).toBeUndefined();
    expect(published()).toEqual([]);
  });

  it('keeps what is there when it ended well and left an output out', async () => {
    await run(plugin('succeeds'));
    expect(client.reports[0]).toMatchObject({
      status: 'failed',
      details: { code: 'output-missing', object_key: 'in/c' },
    });
    expect(kept()).toEqual(['in/a', 'in/b']);
    expect(published()).toEqual(['a.out', 'b.out']);
  });

  it('keeps what is finished when it took too long', async () => {
    await run(plugin('hangs', true), {}, 0.05);
    expect(client.reports[0]).toMatchObject({ status: 'failed', details: { code: 'timed-out' } });
    expect(kept()).toEqual(['in/a', 'in/b']);
  });

  it('A5: keeps what is finished when the worker has to go', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new LongshoreError('worker-stopped', 'it received SIGTERM')), 50);
    await run(plugin('hangs', true), { stopping: stop.signal });
    expect(client.statuses).toEqual(['released', 'published']);
    expect(published()).toEqual(['a.out', 'b.out']);
  });

  it('keeps nothing once the lease is lost', async () => {
    const lost = new AbortController();
    setTimeout(() => lost.abort(new LongshoreError('stale-fence', 'lost')), 50);
    await run(plugin('hangs', true), { lost: lost.signal });
    expect([client.reports, published()]).toEqual([[], []]);
  });

  it('has failed where it says so, though everything is there', async () => {
    await run(plugin('all', true));
    expect(kept()).toBeUndefined();
    expect(published()).toEqual([]);
  });

  it('throws away what the orchestrator does not keep', async () => {
    client.onReport = () => undefined;
    await run(plugin('fails', true));
    expect(client.statuses).toEqual(['failed']);
    expect(published()).toEqual([]);
  });
});
