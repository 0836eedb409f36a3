import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LongshoreError, type JobPlugin } from '@longshore/core';
import { aPlugin, ScriptedContainerEngine, type ScriptedProgram } from '@longshore/core/testing';
import { anAssignment } from '../testing/assignments.js';
import { TaskBench } from '../testing/task-bench.js';

const programs: Record<string, ScriptedProgram> = {
  copy: async ({ argv, read, write }) => {
    for (const name of argv.slice(1)) await write(`/outputs/${name}.out`, await read(`/inputs/${name}`));
    return { exitCode: 0 };
  },
  fail: () => ({ exitCode: 7, log: 'it hurts' }),
  nothing: () => ({ exitCode: 0, log: 'done, they say' }),
  greedy: () => ({ exitCode: 137, outOfMemory: true }),
  hang: ({ signal }) => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
};

describe('running a task', () => {
  let bench: TaskBench;

  beforeEach(async () => {
    bench = await TaskBench.open(programs);
  });
  afterEach(async () => {
    expect(await bench.left()).toEqual([]);
    await bench[Symbol.asyncDispose]();
  });

  const plugin = (program: string, changes: Partial<JobPlugin> = {}): JobPlugin =>
    aPlugin({}, { command: (task) => [program, ...task.objects.map((object) => object.relativeKey)], ...changes });

  it('fetches, runs, stages, is accepted, publishes, and leaves an empty workspace', async () => {
    await bench.run(plugin('copy'), { 'a.txt': 'A', 'sub/b c.txt': 'B' });
    expect(bench.client.statuses).toEqual(['completed', 'published']);
    expect(bench.objects.content('results', 'out/sub/b c.txt.out')?.toString()).toBe('B');
    expect(bench.client.reports[0]?.details).toMatchObject({
      manifest: {
        exitCode: 0,
        entries: [{ objectKey: 'in/a.txt', outputs: [{ name: 'a.txt.out', sizeBytes: 1 }] }, {}],
      },
    });
  });

  it.each([
    ['fail', 'command-failed', /exit code 7/, 'it hurts'],
    ['nothing', 'output-missing', /did not write the output "a.out"/, 'done, they say'],
    ['greedy', 'out-of-memory', /64MiB/, ''],
    ['absent', 'command-not-found', /absent/, undefined],
  ])('reports what "%s" did as %s, with the log', async (program, code, error, log) => {
    await bench.run(plugin(program), { a: 'A' });
    expect(bench.client.reports).toEqual([
      expect.objectContaining({
        status: 'failed',
        details: expect.objectContaining({
          code,
          error: expect.stringMatching(error),
          ...(log !== undefined && { log }),
        }),
      }),
    ]);
    expect(bench.objects.content('results', 'out/a.out')).toBeUndefined();
  });

  it('gives the command the paths that the engine has for its folders', async () => {
    const plain = plugin('copy');
    const told: string[] = [];
    const command: JobPlugin['command'] = (task) => {
      told.push(task.inputs, task.outputs);
      return plain.command(task);
    };
    await bench.run({ ...plain, command }, { a: 'A' });
    bench.engine.pathOf = (mount) => mount.host;
    await bench.run({ ...plain, command }, { a: 'A' });
    const { inputs, outputs } = plain.container.mounts;
    expect(told).toEqual([inputs, outputs, join(bench.home, 'inputs'), join(bench.home, 'outputs')]);
  });

  it('lets the plugin read the exit code', async () => {
    const interpret = ({ exitCode }: { exitCode: number }) =>
      exitCode === 7 ? { done: false as const, message: 'The image is blank.' } : { done: true as const };
    await bench.run(plugin('fail', { interpret }), { a: 'A' });
    expect(bench.client.reports[0]?.details).toMatchObject({
      error: expect.stringMatching(/exit code 7\. The image is blank\./),
    });
  });

  it('stops a command at its time limit and removes the container', async () => {
    await bench.run(plugin('hang'), { a: 'A' }, {}, 0.05);
    expect(bench.client.reports).toEqual([
      expect.objectContaining({ details: expect.objectContaining({ code: 'timed-out' }) }),
    ]);
    expect(await bench.engine.list('longshore.worker')).toEqual([]);
  });

  it('names an input that is gone', async () => {
    const assignment = anAssignment(bench.objects, { a: 'A' });
    bench.objects.remove('images', 'in/a');
    await bench.runAssignment(plugin('copy'), assignment);
    expect(bench.client.reports[0]).toMatchObject({
      status: 'failed',
      details: { code: 'input-missing', object_key: 'in/a' },
    });
  });

  it('says nothing and publishes nothing once its lease is lost', async () => {
    const lost = new AbortController();
    const running = bench.run(plugin('hang'), { a: 'A' }, { lost: lost.signal });
    setTimeout(() => lost.abort(new LongshoreError('stale-fence', 'lost')), 20);
    await running;
    expect(bench.client.reports).toEqual([]);
    expect(await bench.engine.list('longshore.worker')).toEqual([]);
  });

  it('hands the task back when the worker stops', async () => {
    const stop = new AbortController();
    const running = bench.run(plugin('hang'), { a: 'A' }, { stopping: stop.signal });
    setTimeout(() => stop.abort(new LongshoreError('worker-stopped', 'it received SIGTERM')), 20);
    await running;
    expect(bench.client.reports).toEqual([expect.objectContaining({ status: 'released' })]);
  });

  it('throws its work away when the orchestrator refuses it', async () => {
    bench.client.onReport = ({ status }) => {
      if (status === 'completed') throw new LongshoreError('stale-fence', 'Somebody else has it.');
    };
    await bench.run(plugin('copy'), { a: 'A' });
    expect(bench.client.reports).toEqual([]);
    expect(bench.objects.content('results', 'out/a.out')).toBeUndefined();
  });

  it('refuses outputs that lead out of the workspace', async () => {
    const linked = plugin('copy', {
      layout: { include: ['**'], exclude: [], outputs: () => ['door/hostname'] },
      command: () => ['link'],
    });
    bench.engine = new ScriptedContainerEngine({
      images: ['busybox:1.36'],
      programs: {
        link: async ({ mounts }) => {
          const outputs = mounts.find((mount) => mount.container === '/outputs')?.host ?? '';
          await symlink('/etc', join(outputs, 'door'));
          return { exitCode: 0 };
        },
      },
    });
    await bench.run(linked, { a: 'A' });
    expect(bench.client.reports[0]).toMatchObject({ status: 'failed', details: { code: 'output-not-a-file' } });
  });
});
