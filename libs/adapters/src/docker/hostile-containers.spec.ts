import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command, CommandExit, ContainerSpec, RunningContainer } from '@longshore/core';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerContainerEngine } from './index.js';

const shell = (script: string): string[] => ['sh', '-c', script];

describe('a hostile command', () => {
  const engine = new DockerContainerEngine();
  let workspace: string;
  let spec: ContainerSpec;

  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'longshore-hostile-'));
    for (const folder of ['in', 'out']) await mkdir(join(workspace, folder));
    await chmod(join(workspace, 'out'), 0o777);
    await writeFile(join(workspace, 'in', 'original'), 'original');
    spec = {
      image: 'busybox:1.36',
      name: `longshore-hostile-${randomUUID()}`,
      labels: { 'longshore.spec': workspace },
      mounts: [
        { host: join(workspace, 'in'), container: '/in', readOnly: true },
        { host: join(workspace, 'out'), container: '/out', readOnly: false },
      ],
      resources: { cpus: 1, memory: '32MiB', pids: 20, openFiles: 64, outputBytes: '4MiB' },
      network: 'none',
      user: '65534:65534',
    };
  });

  afterEach(async () => {
    for (const container of await engine.list(`longshore.spec=${workspace}`)) await engine.remove(container);
    await rm(workspace, { recursive: true });
  });

  const startWarm = async (): Promise<RunningContainer> => {
    const container = await engine.start({ ...spec, warm: true });
    expect(container.warm).toBe(true);
    return container;
  };

  const ways: [string, (command: Command) => Promise<CommandExit>][] = [
    ['exec', async (command) => engine.exec(await engine.start(spec), command)],
    ['warm exec', async (command) => engine.exec(await startWarm(), command)],
    ['run', (command) => engine.run(spec, command)],
  ];

  describe.each(ways)('under %s', (_, way) => {
    it('E1: that kills itself with -9 has not run out of memory', async () => {
      expect(await way({ argv: shell('kill -9 $$') })).toMatchObject({ exitCode: 137, outOfMemory: false });
    });

    it.each([
      ['itself', 'exec tail /dev/zero', 137],
      ['a child of a child, and ends well', 'sh -c "sh -c \\"tail /dev/zero\\"; true"; exit 0', 0],
    ])('E1: that is killed for its memory is told apart: %s', async (__, script, exitCode) => {
      expect(await way({ argv: shell(script) })).toMatchObject({ exitCode, outOfMemory: true });
    });

    it('E2: that ignores every signal is gone a second after it has to go', async () => {
      const begun = join(workspace, 'out', 'begun');
      const abort = new AbortController();
      const running = way({
        argv: shell('trap "" TERM INT HUP; touch /out/begun; while :; do sleep 1; done'),
        signal: abort.signal,
      });
      const ending = expect(running).rejects.toThrow('enough');
      while (!(await stat(begun).catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 20));
      const startedAt = performance.now();
      abort.abort(new Error('enough'));
      await ending;
      // Nobody waits for it: no time of grace, and a second for the engine, twice as long on a machine that is busy.
      expect(performance.now() - startedAt).toBeLessThan(2_000);
      expect(await engine.list(`longshore.spec=${workspace}`)).toEqual([]);
    });

    it('D10: cannot write a file larger than it may', async () => {
      expect(await way({ argv: shell('head -c 6000000 /dev/zero > /out/large') })).toMatchObject({ exitCode: 153 });
      expect((await stat(join(workspace, 'out', 'large'))).size).toBe(4_194_305);
    });

    it('S11: has no more open files than it may, and leaves no core', async () => {
      const { log } = await way({ argv: shell('ulimit -n; ulimit -c') });
      expect(log).toBe('64\n0\n');
    });

    it('F21: cannot give an input, or a program, another name among its outputs', async () => {
      const { log } = await way({ argv: shell('ln /in/original /out/a; ln /bin/busybox /out/b; ls /out') });
      expect(log).toMatch(/cross-device link[^]*cross-device link/);
      expect(log.split('\n').filter((line) => line !== '')).toHaveLength(2);
    });

    it('S12: cannot make a device among its outputs', async () => {
      const { log } = await way({ argv: shell('mknod /out/disk b 8 0; ls /out') });
      expect(log).toMatch(/Operation not permitted/);
    });

    it('D12: with lines of 10 MB of no text at all takes no memory of ours', async () => {
      const before = process.memoryUsage().rss;
      const line = 'head -c 10000000 /dev/zero | tr "\\000" "\\377"; echo';
      const { log } = await way({ argv: shell(`for i in 1 2 3 4 5 6 7 8; do ${line}; done; echo last`) });
      expect(log.length).toBeLessThan(140_000);
      expect(log).toMatch(/\ufffd\n\[\.\.\. \d{8} bytes left out \.\.\.\]\n\ufffd+\nlast\n$/);
      expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
    });
  });

  describe.each([
    ['exec', () => engine.start(spec)],
    ['warm exec', startWarm],
  ])('under %s', (_, start) => {
    it.each([
      ['nothing', 'sleep 0.1', false],
      ['a daemon', 'setsid sleep 600 > /dev/null 2>&1 &', true],
      ['a fork bomb', 'while :; do sleep 600 & done', true],
      ['what ends right after it', 'sleep 0.02 &', false],
      ['what hides as somebody else’s child', '(setsid sh -c "sleep 600 & exec sleep 0" &) ; sleep 0.1', true],
    ])('E5: that leaves %s behind is known to', async (__, script, leftProcesses) => {
      expect(await engine.exec(await start(), { argv: shell(script) })).toMatchObject({ leftProcesses });
    });

    it('E5: that prints after its end is not heard in the next one', async () => {
      const container = await start();
      await engine.exec(container, { argv: shell('(sleep 0.03; echo late) &') });
      expect(await engine.exec(container, { argv: ['echo', 'next'] })).toMatchObject({ log: 'next\n' });
    });
  });

  describe('in a warm container', () => {
    it('E1: that takes all memory for good is known to have run out of it, though it hits the shell that waits', async () => {
      const container = await startWarm();
      // Each is as small as the shell, so that any of them may be chosen; the pages stay in /tmp.
      const fill = 'i=0; while :; do i=$((i+1)); head -c 500000 /dev/zero > /tmp/$i || exit 3; done';
      const exit = await engine.exec(container, { argv: shell(fill) });
      expect(exit).toMatchObject({ outOfMemory: true });
    });

    it('ends itself when it ends the shell that waits, and is no result of its own', async () => {
      const container = await startWarm();
      await expect(engine.exec(container, { argv: shell('kill -9 $PPID; sleep 5') })).rejects.toMatchObject({
        code: 'engine-failed',
      });
      await expect(engine.exec(container, { argv: ['true'] })).rejects.toMatchObject({ code: 'engine-failed' });
    });

    it('cannot make up a result: not by its outputs, not by the files of the shell that waits', async () => {
      const container = await startWarm();
      const mark = '0123456789abcdef01234567';
      const forge = `for i in 1 2 3; do echo "${mark} 0 0 3"; echo "${mark}"; done; echo ready
        for file in /proc/[0-9]*/fd/*; do [ "\${file#/proc/$$/}" = "$file" ] && echo "${mark} 0 0 3" > "$file"; done
        exit 9`;
      const exit = await engine.exec(container, { argv: shell(forge) });
      expect(exit).toMatchObject({ exitCode: 9, leftProcesses: false });
      expect(exit.log).toContain(`${mark} 0 0 3\n${mark}\n`);
      expect(await engine.exec(container, { argv: shell('exit 4') })).toMatchObject({ exitCode: 4, log: '' });
    });

    it('cannot take the end of its output away for another to find', async () => {
      const container = await startWarm();
      const thief = 'echo begun; setsid cat < /proc/self/fd/1 > /dev/null 2>&1 & sleep 0.1; exit 5';
      expect(await engine.exec(container, { argv: shell(thief) })).toMatchObject({ exitCode: 5, leftProcesses: true });
    });
  });

  it('E5: a fork bomb is gone with its container', async () => {
    const container = await engine.start(spec);
    await engine.exec(container, { argv: shell('while :; do sleep 600 & done') });
    await engine.remove(container);
    expect(await engine.run(spec, { argv: shell('ps | wc -l') })).toMatchObject({ exitCode: 0 });
    expect(await engine.list(`longshore.spec=${workspace}`)).toEqual([]);
  });
});
