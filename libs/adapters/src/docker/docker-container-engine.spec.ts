import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContainerSpec } from '@longshore/core';
import { containerEngineContract, type ContractCommands } from '@longshore/core/testing';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveOnLoopback } from '../testing/index.js';
import { DockerContainerEngine } from './index.js';

const IMAGE = 'busybox:1.36';

const shell = (script: string, ...values: string[]): string[] => ['sh', '-c', script, 'sh', ...values];

const commands: ContractCommands = {
  print: (stdout, stderr, code) => shell('printf %s "$1"; printf %s "$2" >&2; exit "$3"', stdout, stderr, String(code)),
  printArguments: (values) => shell('for value; do printf "%s\\0" "$value"; done', ...values),
  printVariable: (name) => shell('eval "printf %s \\"\\$$1\\""', name),
  copy: (from, to) => ['cp', from, to],
  beat: (path) => shell('while :; do printf . >> "$1"; sleep 0.02; done', path),
  printMany: (bytes) => shell('echo first; head -c "$1" /dev/zero | tr "\\0" x; echo; echo last', String(bytes)),
  outgrowMemory: (exitCode) => shell('tail /dev/zero; exit "$1"', String(exitCode)),
  unknownProgram: ['no-such-program', 'argument'],
};

containerEngineContract('DockerContainerEngine', async () => {
  const workspace = await mkdtemp(join(tmpdir(), 'longshore-docker-'));
  const registry = await serveOnLoopback(({ url }, response) => {
    response.statusCode = url === '/v2/' ? 200 : 404;
    response.end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] }));
  });
  return {
    engine: new DockerContainerEngine(),
    image: IMAGE,
    unknownImage: `${new URL(registry.url).host}/nobody/has:this`,
    workspace,
    commands,
    close: async () => {
      await registry[Symbol.asyncDispose]();
      await rm(workspace, { recursive: true });
    },
  };
});

describe('DockerContainerEngine', () => {
  const engine = new DockerContainerEngine();
  let workspace: string;
  let spec: ContainerSpec;

  beforeEach(async () => {
    workspace = await mkdtemp(join(tmpdir(), 'longshore-docker-'));
    spec = {
      image: IMAGE,
      name: `longshore-spec-${randomUUID()}`,
      labels: { 'longshore.spec': workspace },
      mounts: [],
      resources: { cpus: 1, memory: '32MiB', pids: 20 },
      network: 'none',
      user: '65534:65534',
    };
  });

  afterEach(async () => {
    for (const container of await engine.list(`longshore.spec=${workspace}`)) await engine.remove(container);
    await rm(workspace, { recursive: true });
  });

  /** The outputs of the same command in both kinds of container. */
  const both = async (argv: string[]): Promise<string[]> => {
    const exec = await engine.exec(await engine.start(spec), { argv });
    const run = await engine.run({ ...spec, name: `${spec.name}-run` }, { argv });
    return [exec.log, run.log];
  };

  it.each([
    ['as the user of its spec', 'id -u; id -g', '65534\n65534\n'],
    ['without capabilities', "grep -E '^Cap(Prm|Eff|Bnd)' /proc/self/status | cut -f 2 | uniq", '0000000000000000\n'],
    ['without a way to new privileges', 'grep NoNewPrivs /proc/self/status | cut -f 2', '1\n'],
    ['under the seccomp profile', "grep '^Seccomp:' /proc/self/status | cut -f 2", '2\n'],
    ['on a read-only root', 'touch /made 2>&1', 'touch: /made: Read-only file system\n'],
    ['with 64 MiB of /tmp', "touch /tmp/made; df -k /tmp | awk 'END { print $2 }'", '65536\n'],
    ['without a network', 'ls /sys/class/net', 'lo\n'],
    ['in its own process namespace, under an init', 'cat /proc/1/comm', expect.stringContaining('init')],
  ])('runs commands %s', async (_, script, expected) => {
    expect(await both(shell(script))).toEqual([expected, expected]);
  });

  it('E5: holds a fork bomb to its number of processes', async () => {
    const bomb = 'i=0; while [ $i -lt 40 ]; do sleep 30 & i=$((i+1)); done';
    for (const log of await both(shell(bomb))) expect(log).toContain("can't fork");
  });

  it('mounts folders whose names have colons, spaces and commas', async () => {
    const host = join(workspace, 'a:b, c:ro');
    await mkdir(host, { mode: 0o777 });
    await writeFile(join(host, 'file'), 'found');
    const mounts = [{ host, container: '/job/in:puts', readOnly: true }];
    expect(await engine.run({ ...spec, mounts }, { argv: ['cat', '/job/in:puts/file'] })).toMatchObject({
      log: 'found',
    });
  });

  it('mounts a folder at /tmp in the place of its own', async () => {
    await writeFile(join(workspace, 'file'), 'found');
    const mounts = [{ host: workspace, container: '/tmp', readOnly: true }];
    const user = `${process.getuid?.()}:${process.getgid?.()}`;
    expect(await engine.run({ ...spec, mounts, user }, { argv: ['cat', '/tmp/file'] })).toMatchObject({ log: 'found' });
  });

  it('waits for a command that has closed its outputs', async () => {
    const container = await engine.start(spec);
    const exit = await engine.exec(container, { argv: shell('exec >&- 2>&-; sleep 0.5; exit 3') });
    expect(exit).toMatchObject({ exitCode: 3 });
  });

  it('does not wait for what a command leaves behind', async () => {
    const container = await engine.start(spec);
    const exit = await engine.exec(container, { argv: shell('sleep 600 & echo done') });
    expect(exit).toMatchObject({ exitCode: 0, log: 'done\n' });
    expect(exit.durationMs).toBeLessThan(30_000);
  });

  it('keeps bytes that are no text from breaking the log', async () => {
    const container = await engine.start(spec);
    const { log } = await engine.exec(container, { argv: shell('printf "\\377\\303ok\\303\\274"') });
    expect(log).toBe('\ufffd\ufffdokü');
  });

  it('takes an output of many single bytes', async () => {
    const argv = shell('i=0; while [ $i -lt 60000 ]; do echo; i=$((i+1)); done');
    for (const log of await both(argv)) expect(log).toBe('\n'.repeat(60_000));
  });

  it('says which program a long-lived container lacks when it has none to wait with', async () => {
    const empty = join(workspace, 'empty');
    await writeFile(empty, '');
    const mounts = [{ host: empty, container: '/bin/sleep', readOnly: true }];
    const container = await engine.start({ ...spec, mounts });
    await expect(engine.exec(container, { argv: ['true'] })).rejects.toMatchObject({
      code: 'command-not-found',
      message: expect.stringContaining('sleep'),
    });
  });

  it.each([
    ['a file that is no program', '/etc/passwd'],
    ['a folder', '/etc'],
    ['a path that leads nowhere', '/no/such/program'],
  ])('reports %s as a command that is not found', async (_, program) => {
    const container = await engine.start(spec);
    const expected = { code: 'command-not-found', message: expect.stringContaining(program) };
    await expect(engine.exec(container, { argv: [program] })).rejects.toMatchObject(expected);
    await expect(engine.run({ ...spec, name: `${spec.name}-run` }, { argv: [program] })).rejects.toMatchObject(
      expected,
    );
  });

  it('leaves no container behind when a folder to be mounted is missing', async () => {
    const mounts = [{ host: join(workspace, 'missing'), container: '/job/inputs', readOnly: true }];
    await expect(engine.start({ ...spec, mounts })).rejects.toMatchObject({ code: 'engine-failed' });
    expect(await engine.list(`longshore.spec=${workspace}`)).toEqual([]);
  });

  it('leaves no container behind when the engine cannot start it', async () => {
    await expect(engine.start({ ...spec, user: 'no-such-user' })).rejects.toMatchObject({ code: 'engine-failed' });
    await expect(engine.run({ ...spec, user: 'no-such-user' }, { argv: ['true'] })).rejects.toMatchObject({
      code: 'engine-failed',
    });
    expect(await engine.list(`longshore.spec=${workspace}`)).toEqual([]);
  });

  it('blames the configuration for limits that the engine refuses', async () => {
    const resources = { cpus: 1, memory: '1KiB', pids: 20 };
    await expect(engine.start({ ...spec, resources })).rejects.toMatchObject({ code: 'invalid-configuration' });
  });

  it.each(['exec', 'run'] as const)('takes an engine that goes away under %s for a passing failure', async (verb) => {
    const line = await openLine();
    const away = new DockerContainerEngine({ socketPath: line.socketPath });
    const mounts = [{ host: workspace, container: '/job', readOnly: false }];
    const given = { ...spec, mounts, user: `${process.getuid?.()}:${process.getgid?.()}` };
    const command = { argv: shell('touch /job/begun; sleep 600') };
    const work = verb === 'run' ? away.run(given, command) : away.exec(await away.start(given), command);
    const ending = expect(work).rejects.toMatchObject({ code: 'engine-failed' });
    while (!(await readdir(workspace)).includes('begun')) await sleep(10);
    line.cut();
    await ending;
  });

  /** A socket that leads to the engine until it is cut. */
  async function openLine(): Promise<{ socketPath: string; cut(): void }> {
    const engineSocket = process.env.DOCKER_HOST?.replace(/^unix:\/\//, '') ?? '/var/run/docker.sock';
    const socketPath = join(workspace, 'engine.sock');
    const sockets: Socket[] = [];
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ path: engineSocket, allowHalfOpen: true });
      for (const socket of [near, far]) sockets.push(socket.on('error', () => undefined));
      near.pipe(far).pipe(near);
    });
    await once(server.listen(socketPath), 'listening');
    const cut = (): void => {
      for (const socket of sockets) socket.destroy();
      server.close();
    };
    return { socketPath, cut };
  }
});
