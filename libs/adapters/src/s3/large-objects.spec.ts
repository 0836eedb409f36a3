import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { S3ObjectStore } from './s3-object-store.js';
import { CountingSink } from './testing/counting-sink.js';

const [MiB, GiB] = [2 ** 20, 2 ** 30];
/** Half a gigabyte shows what six do, in a tenth of the time: nothing is different from 5 GB on. LARGE_OBJECT_GIB=6 measures it. */
const size = Math.round(Number(process.env.LARGE_OBJECT_GIB ?? 0.5) * GiB) + 1;
const parts = Math.ceil(size / (8 * MiB));
const mostMemory = 200 * MiB;

const location = { bucket: 'bucket', prefix: '' };
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** The most memory this process had while something was done, beyond what it had before. */
async function memoryOf(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage().rss;
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 20);
  await work().finally(() => clearInterval(timer));
  return most - before;
}

describe('a large object', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-large-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const storeAt = (sink: CountingSink) =>
    new S3ObjectStore({ config: { endpoint: sink.url, region: 'us-east-1', credentials } });

  it('F17: is stored part by part, whatever its size, in little memory', async () => {
    await using sink = await CountingSink.open();
    const path = join(folder, 'sparse');
    await using file = await open(path, 'w');
    await file.truncate(size);
    let staged: { sizeBytes: number } | undefined;
    const memory = await memoryOf(async () => {
      staged = await storeAt(sink).stage({ location, name: 'sparse', path });
    });
    expect(staged?.sizeBytes).toBe(size);
    expect(sink.parts).toHaveLength(parts);
    expect(new Set(sink.parts.slice(0, -1))).toEqual(new Set([8 * MiB]));
    expect(sink.parts.at(-1)).toBe(1);
    expect(memory).toBeLessThan(mostMemory);
  }, 600_000);

  it('F17: is read as it comes, in little memory', async () => {
    await using sink = await CountingSink.open(size);
    let bytes = 0;
    const memory = await memoryOf(async () => {
      const object = { key: 'large', sizeBytes: size, etag: '"e"' };
      for await (const chunk of storeAt(sink).read(location, object)) bytes += chunk.length;
    });
    expect(bytes).toBe(size);
    expect(memory).toBeLessThan(mostMemory);
  }, 600_000);
});
