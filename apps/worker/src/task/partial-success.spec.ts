import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LongshoreError, type JobPlugin } from '@longshore/core';
import { aPlugin, type ScriptedProgram } from '@longshore/core/testing';
import { TaskBench } from '../testing/task-bench.js';
import type { TaskSignals } from './attempt.js';

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
  let bench: TaskBench;

  beforeEach(async () => {
    bench = await TaskBench.open(programs);
    bench.client.onReport = ({ details }) =>
      details?.manifest ? { message: 'recorded', kept: { assignment_id: 'part.1', fence: 1 } } : undefined;
  });
  afterEach(async () => {
    expect(await bench.left()).toEqual([]);
    await bench[Symbol.asyncDispose]();
  });

  const plugin = (program: string, outputsAppearWhole?: true): JobPlugin =>
    aPlugin(
      { outputsAppearWhole },
      { command: (task) => [program, ...task.objects.map((object) => object.relativeKey)] },
    );

  const run = (definition: JobPlugin, signals: Partial<TaskSignals> = {}, timeoutSeconds = 60) =>
    bench.run(definition, { a: 'A', b: 'B', c: 'C' }, signals, timeoutSeconds);
  const published = () => bench.objects.keys('results').map((key) => key.slice('out/'.length));
  const kept = () => {
    const { manifest } = bench.client.reports[0]?.details as { manifest?: { entries: { objectKey: string }[] } };
    return manifest?.entries.map(({ objectKey }) => objectKey);
  };

  it('keeps what is finished where outputs appear whole, publishes it, and says so', async () => {
    await run(plugin('fails', true));
    expect(kept()).toEqual(['in/a', 'in/b']);
    expect(bench.client.reports[0]).toMatchObject({
      status: 'failed',
      details: { code: 'command-failed', exit_code: 7, log: 'the last one is bad', manifest: { exitCode: 7 } },
    });
    expect(bench.client.reports[1]).toMatchObject({ status: 'published', assignment_id: 'part.1', fence: 1 });
    expect(published()).toEqual(['a.out', 'b.out']);
  });

  it('keeps nothing where an output that exists may be half of one', async () => {
    await run(plugin('fails'));
    expect(kept()).toBeUndefined();
    expect(published()).toEqual([]);
  });

  it('keeps what is there when it ended well and left an output out', async () => {
    await run(plugin('succeeds'));
    expect(bench.client.reports[0]).toMatchObject({
      status: 'failed',
      details: { code: 'output-missing', object_key: 'in/c' },
    });
    expect(kept()).toEqual(['in/a', 'in/b']);
    expect(published()).toEqual(['a.out', 'b.out']);
  });

  it('keeps what is finished when it took too long', async () => {
    await run(plugin('hangs', true), {}, 0.05);
    expect(bench.client.reports[0]).toMatchObject({ status: 'failed', details: { code: 'timed-out' } });
    expect(kept()).toEqual(['in/a', 'in/b']);
  });

  it('A5: keeps what is finished when the worker has to go', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new LongshoreError('worker-stopped', 'it received SIGTERM')), 50);
    await run(plugin('hangs', true), { stopping: stop.signal });
    expect(bench.client.statuses).toEqual(['released', 'published']);
    expect(published()).toEqual(['a.out', 'b.out']);
  });

  it('keeps nothing once the lease is lost', async () => {
    const lost = new AbortController();
    setTimeout(() => lost.abort(new LongshoreError('stale-fence', 'lost')), 50);
    await run(plugin('hangs', true), { lost: lost.signal });
    expect([bench.client.reports, published()]).toEqual([[], []]);
  });

  it('has failed where it says so, though everything is there', async () => {
    await run(plugin('all', true));
    expect(kept()).toBeUndefined();
    expect(published()).toEqual([]);
  });

  it('throws away what the orchestrator does not keep', async () => {
    bench.client.onReport = () => undefined;
    await run(plugin('fails', true));
    expect(bench.client.statuses).toEqual(['failed']);
    expect(published()).toEqual([]);
  });
});
