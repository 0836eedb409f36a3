import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ObjectRef } from '@longshore/core';
import { rangeBytes } from './read-object.js';
import { S3ObjectStore } from './s3-object-store.js';
import { ObjectServer } from './testing/object-server.js';

const MiB = 2 ** 20;
const location = { bucket: 'bucket', prefix: '' };
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const small = randomBytes(5 * MiB);
const large = randomBytes(3 * rangeBytes + 5);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-read-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const storeAt = ({ url }: ObjectServer, mostTries?: number) =>
  new S3ObjectStore({
    config: { endpoint: url, region: 'us-east-1', credentials },
    ...(mostTries !== undefined && { mostTries }),
  });
const objectOf = ({ etag }: ObjectServer, { length }: Buffer): ObjectRef => ({ key: 'a', sizeBytes: length, etag });
const crcOf = (content: Buffer) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(content));
  return bytes.toString('base64');
};
const isGet = ({ method }: { method: string }) => method === 'GET';

async function readWith(server: ObjectServer, content: Buffer, mostTries?: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const object = objectOf(server, content);
  for await (const chunk of storeAt(server, mostTries).read(location, object)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function fetchWith(server: ObjectServer, content: Buffer, mostTries?: number): Promise<Buffer> {
  const path = join(folder, 'fetched');
  await storeAt(server, mostTries).fetch(location, objectOf(server, content), path);
  return readFile(path);
}

const ways: [string, typeof readWith][] = [
  ['a stream', readWith],
  ['a file', fetchWith],
];

describe.each(ways)('an object that is read into %s', (_, get) => {
  it('F13: goes on at the byte where it broke off, only if it is still the same object', async () => {
    await using server = await ObjectServer.open(small);
    server.cutAfter = ({ range }) => (range === undefined ? 2 * MiB : undefined);
    expect((await get(server, small)).equals(small)).toBe(true);
    const [first, second] = server.asked;
    expect(server.asked).toHaveLength(2);
    expect(first).toEqual({ method: 'GET', range: undefined, ifMatch: server.etag });
    const from = Number(/bytes=(\d+)-/.exec(second?.range ?? '')?.[1]);
    expect(from).toBeGreaterThan(0);
    expect(from).toBeLessThanOrEqual(2 * MiB);
    expect(second).toEqual({ method: 'GET', range: `bytes=${from}-${small.length - 1}`, ifMatch: server.etag });
  });

  it('F13: comes whole also from a store that knows no ranges', async () => {
    await using server = await ObjectServer.open(small);
    server.knowsRanges = false;
    server.cutAfter = () => (server.asked.length === 1 ? 2 * MiB : undefined);
    expect((await get(server, small)).equals(small)).toBe(true);
  });

  it('F13: gets on over more breaks than tries, as long as each brings something', async () => {
    await using server = await ObjectServer.open(small);
    server.cutAfter = () => 1.5 * MiB;
    expect((await get(server, small, 2)).equals(small)).toBe(true);
    expect(server.asked.length).toBeGreaterThan(2);
  });

  it('F13: is given up when nothing comes any more', async () => {
    await using server = await ObjectServer.open(small);
    server.cutAfter = ({ range }) => (range === undefined ? MiB / 2 : 0);
    await expect(get(server, small, 2)).rejects.toMatchObject({ code: 'storage-failed', objectKey: 'a' });
    expect(server.asked.length).toBeLessThanOrEqual(3);
  });

  it.each<[string, Record<string, string>]>([
    ['CRC32', { 'x-amz-checksum-crc32': crcOf(small) }],
    ['SHA-256', { 'x-amz-checksum-sha256': createHash('sha256').update(small).digest('base64') }],
    ['nothing whole', { 'x-amz-checksum-crc64nvme': 'AAAAAAAAAAA=-3' }],
  ])('is compared with the %s that the store keeps, over a break too', async (_name, headers) => {
    await using server = await ObjectServer.open(small);
    server.headers = headers;
    server.cutAfter = ({ range }) => (range === undefined ? 2 * MiB : undefined);
    expect((await get(server, small)).equals(small)).toBe(true);
  });

  it.each(['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'])('is refused with another %s', async (algorithm) => {
    await using server = await ObjectServer.open(small);
    server.headers = { [`x-amz-checksum-${algorithm}`]: 'AAAAAA==' };
    await expect(get(server, small)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a large object that is fetched', () => {
  it('comes in ranges, several at the same time, and lies in order', async () => {
    await using server = await ObjectServer.open(large);
    let open: () => void = () => undefined;
    server.gate = new Promise<void>((resolve) => (open = resolve));
    const fetched = fetchWith(server, large);
    while (server.asked.filter(isGet).length < 4) await new Promise((resolve) => setImmediate(resolve));
    open();
    expect((await fetched).equals(large)).toBe(true);
    const ranges = server.asked.filter(isGet).map(({ range }) => range);
    expect(ranges.sort()).toEqual(
      [0, 1, 2, 3].map((n) => `bytes=${n * rangeBytes}-${Math.min((n + 1) * rangeBytes, large.length) - 1}`).sort(),
    );
    expect(new Set(server.asked.map(({ ifMatch }) => ifMatch))).toEqual(new Set([server.etag]));
  });

  it('F13: goes on with a range where that broke off', async () => {
    await using server = await ObjectServer.open(large);
    server.cutAfter = ({ range }) => (range?.startsWith(`bytes=${rangeBytes}-`) ? MiB : undefined);
    server.headers = { 'x-amz-checksum-crc32': crcOf(large) };
    expect((await fetchWith(server, large)).equals(large)).toBe(true);
    expect(server.asked.filter(isGet)).toHaveLength(5);
  });

  it('is refused when the checksum of all of it is another', async () => {
    await using server = await ObjectServer.open(large);
    server.headers = { 'x-amz-checksum-crc32': 'AAAAAA==' };
    await expect(fetchWith(server, large)).rejects.toMatchObject({ code: 'storage-failed' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing when it is called off, with the reason of whoever did', async () => {
    await using server = await ObjectServer.open(large);
    const [gone, reason] = [new AbortController(), new Error('enough')];
    server.gate = new Promise(() => undefined);
    const fetching = storeAt(server).fetch(location, objectOf(server, large), join(folder, 'x'), gone.signal);
    while (server.asked.length < 4) await new Promise((resolve) => setImmediate(resolve));
    gone.abort(reason);
    await expect(fetching).rejects.toBe(reason);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the file of an object that is fetched', () => {
  it('says what the disk says, and touches no file that is there', async () => {
    await using server = await ObjectServer.open(small);
    const path = join(folder, 'mine');
    await writeFile(path, 'precious');
    const fetching = storeAt(server).fetch(location, objectOf(server, small), path);
    await expect(fetching).rejects.toMatchObject({ code: 'EEXIST' });
    expect(await readFile(path, 'utf8')).toBe('precious');
  });
});
