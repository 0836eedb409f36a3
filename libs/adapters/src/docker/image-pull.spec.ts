import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PullProgress } from '@longshore/core';
import Docker from 'dockerode';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { serveOnLoopback, type LoopbackServer } from '../testing/index.js';
import { factsOf } from './image-pull.js';
import { DockerContainerEngine } from './index.js';

const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json';
const LIST_TYPE = 'application/vnd.docker.distribution.manifest.list.v2+json';
const LAYER_BYTES = 2_000_000;

interface Answer {
  status: number;
  type?: string;
  body: Buffer;
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** An image of one layer that holds random bytes, as a registry keeps it. */
function imageOf(folder: string): { blobs: Map<string, Buffer>; manifest: Buffer } {
  writeFileSync(join(folder, 'content'), randomBytes(LAYER_BYTES));
  const layer = execFileSync('tar', ['-cz', '-C', folder, 'content'], { maxBuffer: 2 * LAYER_BYTES });
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: [digestOf(gunzipSync(layer))] },
    }),
  );
  const described = (mediaType: string, bytes: Buffer) => ({ mediaType, size: bytes.length, digest: digestOf(bytes) });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: described('application/vnd.docker.container.image.v1+json', config),
      layers: [described('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
    }),
  );
  return { blobs: new Map([config, layer].map((bytes) => [digestOf(bytes), bytes])), manifest };
}

describe('ensureImage', () => {
  const engine = new DockerContainerEngine();
  let folder: string;
  let registry: LoopbackServer;
  let image: string;
  let asked: string[];
  let answer: (path: string) => Answer;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'longshore-registry-'));
    asked = [];
    registry = await serveOnLoopback(({ url = '' }, response) => {
      asked.push(url);
      const { status, type, body } = url === '/v2/' ? { status: 200, body: Buffer.from('{}') } : answer(url);
      response.writeHead(status, {
        'content-type': type ?? 'application/json',
        'content-length': body.length,
        'docker-content-digest': digestOf(body),
      });
      response.end(body);
    });
    image = `${new URL(registry.url).host}/spec/tool:1`;
  });

  afterEach(async () => {
    await registry[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
    await new Docker()
      .getImage(image)
      .remove({ force: true })
      .catch(() => undefined);
  });

  const refuse = (status: number, code: string): void => {
    const body = Buffer.from(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
    answer = () => ({ status, body });
  };

  it('pulls an image once, tells how far it is, and names it by the digest of the registry', async () => {
    const { blobs, manifest } = imageOf(folder);
    answer = (path) => {
      const blob = blobs.get(path.split('/').at(-1) ?? '');
      return blob === undefined
        ? { status: 200, type: MANIFEST_TYPE, body: manifest }
        : { status: 200, type: 'application/octet-stream', body: blob };
    };
    const progress: PullProgress[] = [];
    const facts = await engine.ensureImage(image, (step) => progress.push(step));
    expect(facts.digest).toBe(digestOf(manifest));
    expect(facts.sizeBytes).toBeGreaterThanOrEqual(LAYER_BYTES);
    expect(progress.at(-1)?.totalBytes).toBeGreaterThanOrEqual(LAYER_BYTES);
    expect(progress.at(-1)?.currentBytes).toBe(progress.at(-1)?.totalBytes);

    const askedOnce = asked.length;
    expect(await engine.ensureImage(image)).toEqual(facts);
    expect(asked).toHaveLength(askedOnce);
  });

  it.each([
    [404, 'MANIFEST_UNKNOWN', 'image-not-found'],
    [404, 'NAME_UNKNOWN', 'image-not-found'],
    [401, 'UNAUTHORIZED', 'access-denied'],
    [403, 'DENIED', 'image-not-found'],
    [429, 'TOOMANYREQUESTS', 'registry-busy'],
    [500, 'UNKNOWN', 'registry-busy'],
    [503, 'UNAVAILABLE', 'registry-busy'],
  ])('E6: reads a registry that answers %i %s', async (status, code, expected) => {
    refuse(status, code);
    await expect(engine.ensureImage(image)).rejects.toMatchObject({
      code: expected,
      message: expect.stringContaining(image),
      remedy: expect.any(String),
    });
  });

  it('E6: notices a layer that is not what its digest says, though the pull had begun', async () => {
    const { blobs, manifest } = imageOf(folder);
    const [configDigest, layerDigest] = [...blobs.keys()];
    blobs.set(layerDigest ?? '', Buffer.from('forged'));
    answer = (path) => {
      const blob = blobs.get(path.split('/').at(-1) ?? '');
      return blob === undefined ? { status: 200, type: MANIFEST_TYPE, body: manifest } : { status: 200, body: blob };
    };
    expect(configDigest).toBeDefined();
    await expect(engine.ensureImage(image)).rejects.toMatchObject({ code: 'image-pull-failed' });
  });

  it('E6: says so when an image is made for other machines only', async () => {
    const { manifest } = imageOf(folder);
    const entry = { mediaType: MANIFEST_TYPE, size: manifest.length, digest: digestOf(manifest) };
    const platform = { architecture: 's390x', os: 'linux' };
    const list = { schemaVersion: 2, mediaType: LIST_TYPE, manifests: [{ ...entry, platform }] };
    answer = () => ({ status: 200, type: LIST_TYPE, body: Buffer.from(JSON.stringify(list)) });
    await expect(engine.ensureImage(image)).rejects.toMatchObject({ code: 'image-unsuitable' });
  });

  it('E6: says so when nobody is at the address of the registry', async () => {
    await expect(engine.ensureImage('127.0.0.1:1/spec/tool:1')).rejects.toMatchObject({
      code: 'registry-unreachable',
    });
  });

  it.each(['', 'two words', 'Upper/Case:1', '../containers/json', 'a?b=c', 'tool:1\nHost: x', '-rf'])(
    'does not take "%s" for an image',
    async (name) => {
      await expect(engine.ensureImage(name)).rejects.toMatchObject({ code: 'image-not-found' });
    },
  );
});

describe('factsOf', () => {
  const own = `sha256:${'0'.repeat(64)}`;
  const here = `sha256:${'a'.repeat(64)}`;
  const there = `sha256:${'b'.repeat(64)}`;

  it.each([
    ['tool:1', [], own],
    ['tool:1', [`tool@${here}`], here],
    ['host:5000/tool:1', [`other/tool@${there}`, `host:5000/tool@${here}`], here],
    [`tool@${here}`, [`tool@${here}`], here],
    ['docker.io/library/tool:1', [`tool@${here}`], here],
  ])('identifies %s with the digests %j', (image, RepoDigests, digest) => {
    expect(factsOf({ Id: own, RepoDigests, Size: 7 }, image)).toEqual({ digest, sizeBytes: 7 });
  });
});
