import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContainerSpec } from '@longshore/core';
import { containerEngineContract, type ContractCommands } from '@longshore/core/testing';
import { spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProcessContainerEngine } from './index.js';

const digest = `sha256:${'1'.repeat(64)}`;
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const user = isRoot ? `${nobody}:${nobody}` : `${process.getuid?.()}:${process.getgid?.()}`;

const shell = (script: string, ...values: string[]): string[] => ['sh', '-c', script, 'sh', ...values];

const commands: ContractCommands = {
  print: (stdout, stderr, code) => shell('printf %s "$1"; printf %s "$2" >&2; exit "$3"', stdout, stderr, String(code)),
  printArguments: (values) => shell('for value; do printf "%s\\0" "$value"; done', ...values),
  printVariable: (name) => shell('eval "printf %s \\"\\$$1\\""', name),
  copy: (from, to) => ['cp', from, to],
  beat: (path) => shell('while :; do printf . >> "$1"; sleep 0.02; done', path),
  printMany: (bytes) => shell('echo first; head -c "$1" /dev/zero | tr "\\0" x; echo; echo last', String(bytes)),
  outgrowMemory: () => {
    throw new Error('Nothing here would stop it.');
  },
  unknownProgram: ['no-such-program', 'argument'],
};

async function newWorkspace(): Promise<string> {
  const workspace = await mkdtemp(join(tmpdir(), 'longshore-process-'));
  await chmod(workspace, 0o755);
  if (isRoot) await chown(workspace, nobody, nobody);
  return workspace;
}

containerEngineContract(
  'ProcessContainerEngine',
  async () => {
    const workspace = await newWorkspace();
    const root = join(workspace, 'image');
    await mkdir(root);
    await writeFile(join(root, 'program'), 'content');
    return {
      engine: new ProcessContainerEngine({ folder: join(workspace, 'engine'), root }),
      image: 'any',
      unknownImage: 'none',
      workspace,
      commands,
      user,
      close: () => rm(workspace, { recursive: true }),
    };
  },
  false,
);

describe('ProcessContainerEngine', () => {
  let workspace: string;
  let engine: ProcessContainerEngine;
  let spec: ContainerSpec;

  const open = () => new ProcessContainerEngine({ folder: join(workspace, 'engine'), digest, passOn: ['SPEC_PASSED'] });

  beforeEach(async () => {
    workspace = await newWorkspace();
    engine = open();
    spec = {
      image: 'any',
      name: 'spec',
      labels: { 'longshore.spec': workspace },
      mounts: [],
      resources: { cpus: 1, memory: '32MiB', pids: 20, openFiles: 77, outputBytes: '1MiB' },
      network: 'none',
      user,
    };
  });

  afterEach(async () => {
    for (const container of await engine.list('longshore.spec')) await engine.remove(container);
    await rm(workspace, { recursive: true });
  });

  it('E5: ends everything a command has started, also what left its session and its environment', async () => {
    const container = await engine.start(spec);
    const script = `
      setsid sh -c 'echo $$ > "$0/a"; sleep 600' "$1" &
      env -i sh -c 'echo $$ > "$0/b"; exec sleep 600' "$1" &
      (setsid sleep 600 & echo $! > "$1/c") &
      while [ ! -s "$1/a" ] || [ ! -s "$1/b" ] || [ ! -s "$1/c" ]; do sleep 0.01; done
      echo done`;
    const exit = await engine.exec(container, { argv: shell(script, workspace) });
    expect(exit).toMatchObject({ exitCode: 0, log: 'done\n', leftProcesses: true });
    expect(exit.durationMs).toBeLessThan(30_000);
    await engine.remove(container);
    expect(await living(workspace)).toEqual([]);
  });

  it('says that nothing is left of a command that leaves nothing', async () => {
    const container = await engine.start(spec);
    expect(await engine.exec(container, { argv: ['true'] })).toMatchObject({ leftProcesses: false });
  });

  it('E10: another engine finds and ends what a killed process left', async () => {
    const left = await engine.start(spec);
    const beats = join(workspace, 'beats');
    const ending = expect(engine.exec(left, { argv: commands.beat(beats) })).rejects.toMatchObject({
      code: 'engine-failed',
    });
    while (!(await readdir(workspace)).includes('beats')) await sleep(10);
    const other = open();
    const [found] = await other.list('longshore.spec');
    expect(found).toMatchObject({ id: left.id, name: 'spec' });
    await other.remove(left);
    await ending;
    const { length } = await readFile(beats);
    await sleep(100);
    expect((await readFile(beats)).length).toBe(length);
    expect(await readdir(join(workspace, 'engine'))).toEqual([]);
  });

  it('E10: a command dies with the process that started it', async () => {
    const script = `
      import { ProcessContainerEngine } from ${JSON.stringify(new URL('../../dist/process/index.js', import.meta.url).href)};
      const engine = new ProcessContainerEngine({ folder: ${JSON.stringify(join(workspace, 'engine'))}, digest: '${digest}' });
      const container = await engine.start(${JSON.stringify(spec)});
      await engine.exec(container, { argv: ['sh', '-c', 'echo $$ > "$0/a"; exec sleep 600', ${JSON.stringify(workspace)}] });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    while (!(await readFile(join(workspace, 'a'), 'utf8').catch(() => ''))) await sleep(10);
    child.kill('SIGKILL');
    for (let looks = 0; looks < 300 && (await living(workspace)).length > 0; looks += 1) await sleep(10);
    expect(await living(workspace)).toEqual([]);
  });

  it('S30: shows a command nothing of its own environment but what every program needs', async () => {
    process.env.SPEC_PASSED = 'passed on';
    process.env.SPEC_SECRET = 'secret';
    const { log } = await engine.run(spec, { argv: ['env'], environment: { OWN: 'own' } });
    delete process.env.SPEC_PASSED;
    delete process.env.SPEC_SECRET;
    const names = log
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('=')[0] ?? '');
    const usual = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'LD_LIBRARY_PATH', 'PWD'];
    expect(names.filter((name) => !usual.includes(name)).sort()).toEqual([
      'LONGSHORE_CONTAINER',
      'OWN',
      'SPEC_PASSED',
      'TMPDIR',
    ]);
    expect(log).not.toContain('secret');
  });

  it.each([
    ['new privileges', 'grep NoNewPrivs /proc/self/status | tr -dc 0-9', '1'],
    ['more open files than its limit', 'ulimit -n', '77\n'],
    ['core dumps', 'ulimit -c', '0\n'],
    ['to outlive the worker in a lack of memory', 'cat /proc/self/oom_score_adj', '500\n'],
    ['an input of its own', 'test -t 0; cat', ''],
    ['to be root', 'test "$(id -u)" != 0 && echo no', 'no\n'],
  ])('gives a command no way to %s', async (_, script, expected) => {
    expect(await engine.run(spec, { argv: shell(script) })).toMatchObject({ log: expected });
  });

  it('stops a file at its last allowed byte', async () => {
    const file = join(workspace, 'large');
    const exit = await engine.run(spec, { argv: shell('head -c 3000000 /dev/zero > "$1"', file) });
    expect(exit.exitCode).not.toBe(0);
    expect((await readFile(file)).length).toBe(1024 ** 2 + 1);
  });

  it('keeps what a command puts aside to itself, and removes it', async () => {
    const { log } = await engine.run(spec, { argv: shell('mktemp') });
    expect(log).toContain(join(workspace, 'engine'));
    expect(await readdir(join(workspace, 'engine'))).toEqual([]);
  });

  it.each([
    ['a file that is no program', '/etc/passwd'],
    ['a folder', '/etc'],
    ['a path that leads nowhere', '/no/such/program'],
  ])('reports %s as a command that is not found', async (_, program) => {
    await expect(engine.run(spec, { argv: [program] })).rejects.toMatchObject({ code: 'command-not-found' });
  });

  it('tells a command that a signal ended by the code that engines give it', async () => {
    expect(await engine.run(spec, { argv: shell('kill -SEGV $$') })).toMatchObject({ exitCode: 139 });
  });

  it('takes the digest that it is given, and nothing that is none', async () => {
    expect((await engine.ensureImage()).digest).toBe(digest);
    expect(() => new ProcessContainerEngine({ folder: workspace, digest: 'latest' })).toThrow(/no digest/);
  });
});

/** Of the processes whose ids the files `a`, `b` and `c` hold, those that still run. */
async function living(folder: string): Promise<number[]> {
  const pids = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => Number(await readFile(join(folder, name), 'utf8').catch(() => '0'))),
  );
  const states = await Promise.all(
    pids.map(async (pid) => {
      const stat = pid === 0 ? '' : await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
      return stat.slice(stat.lastIndexOf(')') + 2)[0];
    }),
  );
  return pids.filter((_, index) => states[index] !== undefined && states[index] !== 'Z');
}
