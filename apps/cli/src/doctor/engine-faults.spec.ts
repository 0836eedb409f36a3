import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { engineFacts, imageStanding } from '@longshore/adapters/docker';
import type { LongshoreError } from '@longshore/core';
import { judgeEngine, judgeImage, judgeNoEngine, judgeNoImage } from './judge/engine.js';

const asked = (socketPath: string) =>
  engineFacts({ socketPath, answerWithinMs: 200 }).then(
    () => undefined,
    (thrown: LongshoreError) => judgeNoEngine(thrown).id,
  );

describe('looking at an engine that cannot be asked', () => {
  let folder: string;
  let socketPath: string;
  let server: Server;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-socket-'));
    socketPath = join(folder, 'engine.sock');
    server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(folder, { recursive: true });
  });

  it('finds no socket', async () => {
    expect(await asked(socketPath)).toBe('docker-missing');
  });

  it('finds one that this user may not use', async () => {
    await once(server.listen(socketPath), 'listening');
    await chmod(socketPath, 0o600);
    await chmod(folder, 0o711);
    const me = process.geteuid?.();
    // Root may use every socket, so it has to be somebody else while it asks.
    if (me === 0) process.seteuid?.(65_534);
    else await chmod(socketPath, 0);
    try {
      expect(await asked(socketPath)).toBe('docker-denied');
    } finally {
      if (me === 0) process.seteuid?.(0);
    }
  });

  it('finds one behind which nobody speaks', async () => {
    await once(server.listen(socketPath), 'listening');
    expect(await asked(socketPath)).toBe('docker-silent');
  });
});

describe('looking at the engine of this machine', () => {
  it('finds it, and an image that is there', async () => {
    const facts = await engineFacts();
    expect(judgeEngine(facts, undefined)[0]).toMatchObject({ id: 'docker-ok' });
    expect(facts).toMatchObject({
      isHere: true,
      cpus: expect.any(Number),
      platform: expect.stringMatching(/^linux\//),
    });
    const standing = await imageStanding('busybox:1.36');
    expect(standing.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(judgeImage('busybox:1.36', standing, facts.platform).id).toBe('image-ok');
  });

  it('finds that nobody has an image, without pulling it', async () => {
    // Nobody listens at port 1 of this machine.
    const image = 'localhost:1/longshore/none:1';
    const thrown = await imageStanding(image).catch((error: LongshoreError) => error);
    expect(judgeNoImage(image, thrown as LongshoreError).id).toBe('image-unreachable');
    const nameless = await imageStanding('../info').catch((error: LongshoreError) => error);
    expect(judgeNoImage(image, nameless as LongshoreError).id).toBe('image-missing');
  });
});
