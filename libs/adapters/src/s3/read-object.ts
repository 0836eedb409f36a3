/** Reads objects: as a stream, or straight into a file, in several ranges at the same time where that is worth it. */
import { open, rm, type FileHandle } from 'node:fs/promises';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectRef } from '@longshore/core';
import type { S3Bucket } from './s3-bucket.js';
import { StoredChecksum } from './transfer/checksums.js';
import { FileFailure, FileReceiver } from './transfer/file-receiver.js';
import type { RangeReceiver } from './transfer/range-receiver.js';
import { Quota } from './transfer/quota.js';
import { StreamReceiver } from './transfer/stream-receiver.js';

const MiB = 2 ** 20;
/** One connection to S3 carries some 90 MB/s; below two ranges a second one costs more than it brings. */
export const rangeBytes = 16 * MiB;
const rangesAtOnce = 6;
/** Of all that is fetched by a process: eight ranges keep a network of 5 Gbit/s busy, and more of them only take memory from each other. */
const fetchedBytes = new Quota(8 * rangeBytes);
/** Less than this is read to its end when nobody wants it any more, so that the connection can be used again. */
const drainedBytes = 256 * 2 ** 10;
const rereadBytes = MiB;

export async function* readObject(
  bucket: S3Bucket,
  object: ObjectRef,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const gone = new AbortController();
  const either = signal ? AbortSignal.any([signal, gone.signal]) : gone.signal;
  const receiver = new StreamReceiver({ from: 0, to: object.sizeBytes }, true);
  const received = receive(bucket, object, receiver, either, true);
  try {
    yield* receiver.chunks(received);
  } finally {
    if (object.sizeBytes - receiver.position > drainedBytes) gone.abort(new Error('Nobody reads any more.'));
  }
}

/** @throws FileFailure for what the disk says; the file is removed after any error */
export async function fetchObject(
  bucket: S3Bucket,
  object: ObjectRef,
  path: string,
  signal?: AbortSignal,
): Promise<void> {
  const opening = open(path, 'wx+', 0o644);
  // It may fail while the request is on its way.
  opening.catch(() => undefined);
  try {
    const isLarge = object.sizeBytes >= 2 * rangeBytes;
    await (isLarge ? fetchInRanges(bucket, object, opening, signal) : fetchWhole(bucket, object, opening, signal));
  } catch (thrown) {
    const file = await opening.catch((refused: unknown) => {
      throw new FileFailure(refused);
    });
    await file.close();
    await rm(path, { force: true });
    throw thrown;
  }
  const file = await opening;
  await file.close().catch((thrown: unknown) => {
    throw new FileFailure(thrown);
  });
}

async function fetchWhole(
  bucket: S3Bucket,
  object: ObjectRef,
  opening: Promise<FileHandle>,
  signal?: AbortSignal,
): Promise<void> {
  await intoFile(bucket, object, new FileReceiver({ from: 0, to: object.sizeBytes }, true, opening), signal);
  await opening.catch((thrown: unknown) => {
    throw new FileFailure(thrown);
  });
}

async function fetchInRanges(
  bucket: S3Bucket,
  object: ObjectRef,
  opening: Promise<FileHandle>,
  signal?: AbortSignal,
): Promise<void> {
  const { sizeBytes } = object;
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  let next = 0;
  const fetchSome = async () => {
    while (next < sizeBytes) {
      const from = next;
      next = Math.min(from + rangeBytes, sizeBytes);
      await intoFile(bucket, object, new FileReceiver({ from, to: next }, false, opening), either);
    }
  };
  const stop = (thrown: unknown) => {
    failed.abort(thrown);
  };
  // Of a range the store tells no checksum.
  const asking = storedChecksum(bucket, object, either);
  const fetching = Array.from({ length: rangesAtOnce }, () => fetchSome().catch(stop));
  const [checksum] = await Promise.all([asking.catch(stop), ...fetching]);
  either.throwIfAborted();
  if (checksum) await verifyFile(await opening, checksum);
}

async function intoFile(
  bucket: S3Bucket,
  object: ObjectRef,
  receiver: FileReceiver,
  signal: AbortSignal | undefined,
): Promise<void> {
  const giveBack = await fetchedBytes.take(receiver.size, signal);
  try {
    await receive(bucket, object, receiver, signal, false);
  } finally {
    // Nobody may still be writing when the file is closed.
    await receiver.flush().finally(giveBack);
  }
}

async function receive(
  bucket: S3Bucket,
  { key, etag, sizeBytes }: ObjectRef,
  receiver: RangeReceiver,
  signal: AbortSignal | undefined,
  leavesAtHead: boolean,
): Promise<void> {
  const make = () => new GetObjectCommand({ ...bucket.common, Key: key, IfMatch: etag, ...receiver.nextRange() });
  try {
    await bucket.transfer(make, { receiver, signal, leavesAtHead });
  } catch (thrown) {
    // What broke off behind the last byte has nothing to go on with.
    if (signal?.aborted || sizeBytes === 0 || !receiver.isComplete) throw thrown;
  }
  await receiver.verify();
}

async function storedChecksum(
  bucket: S3Bucket,
  { key, etag }: ObjectRef,
  abortSignal: AbortSignal,
): Promise<StoredChecksum | undefined> {
  const request = new HeadObjectCommand({ ...bucket.common, Key: key, IfMatch: etag, ChecksumMode: 'ENABLED' });
  const head = await bucket.send((client, options) => client.send(request, options), abortSignal);
  return StoredChecksum.of({
    'x-amz-checksum-crc32': head.ChecksumCRC32,
    'x-amz-checksum-crc32c': head.ChecksumCRC32C,
    'x-amz-checksum-crc64nvme': head.ChecksumCRC64NVME,
    'x-amz-checksum-sha1': head.ChecksumSHA1,
    'x-amz-checksum-sha256': head.ChecksumSHA256,
  });
}

/** The ranges came in any order; the file has them in theirs. */
async function verifyFile(file: FileHandle, checksum: StoredChecksum): Promise<void> {
  const memory = Buffer.allocUnsafe(rereadBytes);
  for (let at = 0; ;) {
    const { bytesRead } = await file.read(memory, 0, memory.length, at);
    if (bytesRead === 0) break;
    checksum.update(memory.subarray(0, bytesRead));
    at += bytesRead;
  }
  await checksum.verify();
}
