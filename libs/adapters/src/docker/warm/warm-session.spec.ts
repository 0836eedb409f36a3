import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Command, CommandExit, ContainerSpec } from '@longshore/core';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineConnection } from '../engine-connection.js';
import { DockerContainerEngine } from '../index.js';
import { WarmSession } from './warm-session.js';

describe('a warm container', () => {
  const engine = new DockerContainerEngine();
  let workspace: string;
  let spec: ContainerSpec;
  const sessions: WarmSession[] = [];

  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'longshore-warm-'));
    await chmod(workspace, 0o755);
    await writeFile(join(workspace, 'empty'), '');
    await writeFile(join(workspace, 'id'), '#!/bin/echo my own\n', { mode: 0o755 });
    spec = {
      image: 'busybox:1.36',
      name: `longshore-warm-${randomUUID()}`,
      labels: { 'longshore.spec': workspace },
      mounts: [{ host: workspace, container: '/tools', readOnly: true }],
      resources: { cpus: 1, memory: '32MiB', pids: 20 },
      network: 'none',
      user: '65534:65534',
      warm: true,
    };
  });

  afterEach(async () => {
    for (const session of sessions.splice(0)) session[Symbol.dispose]();
    for (const container of await engine.list(`longshore.spec=${workspace}`)) await engine.remove(container);
    await rm(workspace, { recursive: true });
  });

  const without = (...programs: string[]) =>
    programs.map((container) => ({ host: join(workspace, 'empty'), container, readOnly: true }));

  type Exec = (command: Command) => Promise<CommandExit>;

  const warm = async (image: string): Promise<Exec> => {
    const container = await engine.start({ ...spec, image });
    expect(container.warm).toBe(true);
    return (command) => engine.exec(container, command);
  };

  /** In an image whose `sh` is another shell, which is taken away. */
  const warmBash = async (): Promise<Exec> => {
    const mounts = [...spec.mounts, ...without('/bin/sh')];
    const container = await engine.start({ ...spec, image: 'debian:bookworm-slim', mounts });
    expect(container.warm).toBe(false);
    const session = await WarmSession.open(new EngineConnection(undefined), container, 'bash');
    if (!session) throw new Error('It cannot be kept warm.');
    sessions.push(session);
    return (command) => session.run(command);
  };

  const shells: [string, () => Promise<Exec>, string][] = [
    ['busybox', () => warm('busybox:1.36'), 'sh'],
    ['dash', () => warm('debian:bookworm-slim'), 'sh'],
    ['bash', warmBash, 'bash'],
  ];

  describe.each(shells)('whose shell is %s', (_, open, shell) => {
    const script = (text: string, ...values: string[]) => ({ argv: [shell, '-c', text, 'sh', ...values] });

    it('F4: hands on every character in arguments and settings, also what a shell keeps for itself', async () => {
      const exec = await open();
      const characters = Array.from({ length: 0x7ff }, (__, index) => String.fromCodePoint(index + 1)).join('');
      const words = [
        '',
        ' ',
        '*',
        '$(id)',
        '-n',
        characters,
        '\uffff🚢',
        '\n\n',
        'a\n',
        '=',
        '=1',
        '3',
        ...characters.slice(0, 255),
      ];
      const printing = await exec(script('for value; do printf "%s\\0" "$value"; done', ...words));
      expect(printing.log.split('\0').slice(0, -1)).toEqual(words);
      const environment = { A: characters, LC_ALL: 'C', w: '', PATH: '/usr/bin:/bin' };
      expect(await exec({ ...script('printf %s "$A$LC_ALL$w"'), environment })).toMatchObject({
        log: `${characters}C`,
      });
    });

    it('gives commands the environment and the files that the engine gives them, and no way to their results', async () => {
      const exec = await open();
      const ask = 'env | grep -v -e ^_= -e ^SHLVL= -e ^PWD= | sort; ls /proc/self/fd | wc -l; readlink /proc/self/fd/0';
      const byEngine = await engine.exec(await engine.start({ ...spec, name: `${spec.name}-2`, warm: false }), {
        argv: ['sh', '-c', ask],
      });
      const facts = (log: string) => log.split('\n').filter((line) => !/^(HOSTNAME|HOME)=/.test(line));
      expect(facts((await exec(script(ask))).log)).toEqual(facts(byEngine.log));
      const spying = 'ls /proc/$PPID/fd; cat /proc/$PPID/environ; : > /proc/$PPID/mem; echo > /proc/$PPID/fd/1';
      const { log } = await exec(script(`for i in 1; do ${spying}; done 2>&1; (${spying}) 2>&1; echo $PPID`));
      expect(log.match(/permission denied|can't create|cannot create|cannot open/gi)?.length).toBeGreaterThanOrEqual(4);
    });

    it('outlives signals that a command sends to its group, and passes them on as they were', async () => {
      const exec = await open();
      for (const [signal, exitCode] of [
        ['TERM', 143],
        ['INT', 130],
        ['HUP', 129],
        ['KILL', 137],
      ] as const) {
        const text = signal === 'KILL' ? 'kill -KILL $$' : `kill -${signal} 0; sleep 5`;
        expect(await exec(script(text))).toMatchObject({ exitCode, log: '', leftProcesses: false });
      }
      const { log } = await exec({ argv: ['grep', '^SigIgn:', '/proc/self/status'] });
      expect(log).toMatch(/\t0+\n$/);
    });

    it('tells what cannot be executed from what ends with the same code', async () => {
      const exec = await open();
      for (const program of ['no-such-program', '/no/such', '/etc', '/etc/passwd', '/tools/empty', 'a/b']) {
        await expect(exec({ argv: [program] })).rejects.toMatchObject({
          code: 'command-not-found',
          message: expect.stringContaining(program),
        });
      }
      for (const exitCode of [126, 127]) expect(await exec(script(`exit ${exitCode}`))).toMatchObject({ exitCode });
    });

    it('finds programs where the settings of the command say, and under the name it has', async () => {
      const exec = await open();
      const environment = { PATH: '/tools:/usr/bin:/bin' };
      expect(await exec({ argv: ['id'], environment })).toMatchObject({ log: 'my own /tools/id\n' });
      expect((await exec({ argv: ['id', '-u'] })).log).toBe('65534\n');
    });
  });

  it('gives what its shell cannot hand on to the engine, in the same container', async () => {
    const container = await engine.start(spec);
    const environment = { 'GROUP_well-x': 'B07' };
    expect((await engine.exec(container, { argv: ['env'], environment })).log).toContain('GROUP_well-x=B07\n');
    const long = await engine.exec(container, { argv: ['echo', ...Array<string>(3_000).fill('word')] });
    expect(long).toMatchObject({ exitCode: 0, leftProcesses: false });
    const leaving = ['sh', '-c', 'sleep 600 & : "$1"', 'sh', 'x'.repeat(20_000)];
    expect(await engine.exec(container, { argv: leaving })).toMatchObject({ leftProcesses: true });
  });

  it.each<[string, () => Partial<ContainerSpec>]>([
    ['has no shell', () => ({ mounts: without('/bin/sh') })],
    ['has no cp', () => ({ mounts: without('/bin/cp') })],
    ['has no chmod', () => ({ mounts: without('/bin/chmod') })],
    ['may write no file of the size of its shell', () => ({ resources: { ...spec.resources, outputBytes: '64KiB' } })],
  ])('works through the engine where it %s', async (_, changes) => {
    const container = await engine.start({ ...spec, image: 'debian:bookworm-slim', ...changes() });
    expect(container.warm).toBe(false);
    expect(await engine.exec(container, { argv: ['echo', 'all the same'] })).toMatchObject({
      exitCode: 0,
      log: 'all the same\n',
      leftProcesses: false,
    });
  });

  it('E7: is a passing failure when it dies between two commands', async () => {
    const container = await engine.start(spec);
    await engine.exec(container, { argv: ['true'] });
    await new DockerContainerEngine().remove(container);
    await expect(engine.exec(container, { argv: ['true'] })).rejects.toMatchObject({ code: 'engine-failed' });
  });
});
