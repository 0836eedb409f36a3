import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContainerSpec } from '@longshore/core';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DockerContainerEngine } from './index.js';

const spec: ContainerSpec = {
  image: 'busybox:1.36',
  name: 'never-started',
  labels: {},
  mounts: [],
  resources: { cpus: 1, memory: '32MiB', pids: 20 },
  network: 'none',
  user: '0:0',
};

const container = { id: 'f'.repeat(64), name: 'never-started' };

const verbs: [string, (engine: DockerContainerEngine) => Promise<unknown>][] = [
  ['ensureImage', (engine) => engine.ensureImage(spec.image)],
  ['start', (engine) => engine.start(spec)],
  ['exec', (engine) => engine.exec(container, { argv: ['true'] })],
  ['run', (engine) => engine.run(spec, { argv: ['true'] })],
  ['remove', (engine) => engine.remove(container)],
  ['list', (engine) => engine.list('longshore')],
];

describe('a container engine that cannot be reached', () => {
  let folder: string;
  let socketPath: string;
  let server: Server | undefined;
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-socket-'));
    socketPath = join(folder, 'engine.sock');
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    server?.close();
    server = undefined;
    await rm(folder, { recursive: true });
  });

  const listen = async (onSocket: (socket: Socket) => void): Promise<void> => {
    server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      onSocket(socket);
    });
    await once(server.listen(socketPath), 'listening');
  };

  it.each(verbs)('E8: is reported by %s when there is no socket', async (_, ask) => {
    await expect(ask(new DockerContainerEngine({ socketPath }))).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining(socketPath),
      remedy: expect.stringContaining('Start Docker'),
    });
  });

  it.each(verbs)('E8: is reported by %s in bounded time when it never answers', async (_, ask) => {
    await listen(() => undefined);
    const startedAt = performance.now();
    await expect(ask(new DockerContainerEngine({ socketPath, answerWithinMs: 200 }))).rejects.toMatchObject({
      code: 'engine-unavailable',
      message: expect.stringContaining('0.2 s'),
    });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it.each(verbs)('E8: is reported by %s when this user may not use its socket', async (_, ask) => {
    await listen(() => undefined);
    await chmod(socketPath, 0o600);
    await chmod(folder, 0o711);
    const me = process.geteuid?.();
    // Root may use every socket, so it has to be somebody else while it asks.
    if (me === 0) process.seteuid?.(65_534);
    else await chmod(socketPath, 0);
    try {
      await expect(ask(new DockerContainerEngine({ socketPath }))).rejects.toMatchObject({
        code: 'engine-unavailable',
        message: expect.stringContaining(socketPath),
        remedy: expect.stringContaining('docker group'),
      });
    } finally {
      if (me === 0) process.seteuid?.(0);
    }
  });

  it.each(verbs)('E8: is reported by %s when it stops in the middle of an answer', async (_, ask) => {
    await listen((socket) =>
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n[{"half"')),
    );
    await expect(ask(new DockerContainerEngine({ socketPath, answerWithinMs: 200 }))).rejects.toMatchObject({
      code: 'engine-unavailable',
    });
  });

  it.each(verbs)('is a passing failure to %s when it hangs up', async (_, ask) => {
    await listen((socket) => socket.destroy());
    await expect(ask(new DockerContainerEngine({ socketPath }))).rejects.toMatchObject({ code: 'engine-failed' });
  });

  it.each(verbs)('is a passing failure to %s when it is no engine at all', async (_, ask) => {
    await listen((socket) => socket.once('data', () => socket.end('220 mail.example.org ESMTP\r\n')));
    await expect(ask(new DockerContainerEngine({ socketPath }))).rejects.toMatchObject({ code: 'engine-failed' });
  });

  it('is not waited for under a command that is aborted', async () => {
    await listen(() => undefined);
    const engine = new DockerContainerEngine({ socketPath, answerWithinMs: 200 });
    const signal = AbortSignal.timeout(50);
    await expect(engine.exec(container, { argv: ['true'], signal })).rejects.toMatchObject({
      code: 'engine-unavailable',
    });
  });
});
