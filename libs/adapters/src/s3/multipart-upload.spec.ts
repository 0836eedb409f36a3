import { createHash, randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { s3Fault, type Asked } from '../testing/index.js';
import { PartMemory } from './part-memory.js';
import { S3Bench } from './testing/s3-bench.js';

const MiB = 2 ** 20;
let bench: S3Bench;

beforeAll(async () => {
  bench = await S3Bench.open();
});
afterEach(() => bench.faults.calm());
afterAll(() => bench[Symbol.asyncDispose]());

const isPart = ({ method, path }: Asked) => method === 'PUT' && path.includes('partNumber=');
const numberOf = ({ path }: Asked) => Number(/partNumber=(\d+)/.exec(path)?.[1]);
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex');

async function file(content: Buffer): Promise<string> {
  const path = bench.path('large');
  await writeFile(path, content);
  return path;
}

describe('an output of several parts', () => {
  it('is whole, with the checksum of all, though a part had to be sent again and others overtook it', async () => {
    const content = randomBytes(33 * MiB);
    let left = 1;
    const overtaken = Promise.withResolvers<void>();
    bench.faults.decide = async (asked) => {
      if (isPart(asked) && numberOf(asked) > 1) overtaken.resolve();
      if (!isPart(asked) || numberOf(asked) !== 1 || left-- <= 0) return undefined;
      await overtaken.promise;
      return s3Fault(503, 'SlowDown');
    };
    const [store, location] = [bench.store(), bench.at('parts/')];
    const staged = await store.stage({ location, name: 'large', path: await file(content) });
    expect(staged).toMatchObject({ sizeBytes: content.length, sha256: sha256(content) });
    await store.publish(location, staged);
    const parts = bench.faults.seen.filter(isPart);
    expect(parts.map(numberOf).sort()).toEqual([1, 1, 2, 3, 4, 5]);
    expect(parts.map(numberOf)).not.toEqual([1, 1, 2, 3, 4, 5]);
    // The store compares each part with it.
    expect(parts.map(({ headers }) => headers['x-amz-content-sha256'])).toEqual(parts.map(({ body }) => sha256(body)));
    const { Body } = await bench.client.send(new GetObjectCommand({ Bucket: bench.bucket, Key: 'parts/large' }));
    expect(sha256((await Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(staged.sha256);
  });

  it('is not staged when one of them cannot be, and keeps nothing open', async () => {
    bench.faults.decide = (asked) =>
      isPart(asked) && numberOf(asked) === 2 ? s3Fault(403, 'AccessDenied') : undefined;
    const [store, location] = [bench.store(), bench.at('refused/')];
    const staging = store.stage({ location, name: 'large', path: await file(randomBytes(20 * MiB)) });
    await expect(staging).rejects.toMatchObject({ code: 'access-denied' });
    expect(bench.faults.seen.at(-1)?.method).toBe('DELETE');
  });
});

describe('the memory of parts', () => {
  const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve));

  it('is no more than there is, and is used again', async () => {
    const memory = new PartMemory(16 * MiB);
    const [one, two] = [await memory.take(8 * MiB), await memory.take(8 * MiB)];
    let third: Buffer | undefined;
    const waiting = memory.take(8 * MiB).then(({ buffer, release }) => ((third = buffer), release));
    await turnOfLoop();
    expect(third).toBeUndefined();
    one.release();
    (await waiting)();
    expect(third?.buffer).toBe(one.buffer.buffer);
    two.release();
  });

  it('has the very size that was asked for', async () => {
    const memory = new PartMemory();
    for (const size of [1, 100_000, 8 * MiB, 9 * MiB]) {
      const { buffer, release } = await memory.take(size);
      expect(buffer).toHaveLength(size);
      release();
    }
  });
});
