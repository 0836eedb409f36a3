/** An upload that stays open, and so invisible, until somebody completes it. */
import { createHash, randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  UploadPartCommand,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import { LongshoreError, type StageRequest } from '@longshore/core';
import { openRegular } from '../files/index.js';
import { partsOf, type FilePart } from './file-parts.js';
import { outputAttributes } from './output-attributes.js';
import type { PartMemory } from './part-memory.js';
import type { S3Bucket } from './s3-bucket.js';
import { isGone, isUntold } from './s3-errors.js';

/** Everything that is needed to complete or abort the upload, from any process. */
export interface OpenUpload {
  key: string;
  uploadId: string;
  /** Written into the object's metadata, so that a completed upload is recognised as this one. */
  stamp: string;
  /** ETags of the parts, in order. */
  parts: string[];
}

export interface UploadedContent {
  upload: OpenUpload;
  sizeBytes: number;
  sha256: string;
}

const stampName = 'longshore-upload';

/** Of one file; one more is being read meanwhile. */
const partsAtOnce = 4;

/** Uploads a regular file; an upload that fails half-way is aborted. */
export async function beginUpload(
  bucket: S3Bucket,
  key: string,
  { path, name, within, signal }: Pick<StageRequest, 'path' | 'name' | 'within' | 'signal'>,
  memory: PartMemory,
): Promise<UploadedContent> {
  await using file = await openRegular(path, within);
  const stamp = randomUUID();
  const request = {
    ...bucket.common,
    Key: key,
    ...outputAttributes(name, bucket.settings),
    Metadata: { ...bucket.settings.metadata, [stampName]: stamp },
  };
  const hash = createHash('sha256');
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const parts = partsOf(file, hash, memory, either);
  // A file that S3 cannot take is refused before anything is opened for it.
  const first = await parts.next();
  const begunAt = performance.now();
  let upload: OpenUpload | undefined;
  try {
    const opened = await bucket.transfer(() => new CreateMultipartUploadCommand(request), { signal });
    const tookMs = performance.now() - begunAt;
    upload = { key, uploadId: opened.UploadId ?? '', stamp, parts: [] };
    if (opened.attempts > 1) await abortLostUploads(bucket, upload, tookMs);
    const sizeBytes = await sendParts(bucket, upload, first, parts, failed, either);
    return { upload, sizeBytes, sha256: hash.digest('hex') };
  } catch (thrown) {
    if (!upload) releaseOf(first)();
    else await abortUpload(bucket, upload).catch(() => undefined);
    throw thrown;
  }
}

/** Reads and hashes one part while others are sent. @returns the bytes of all */
async function sendParts(
  bucket: S3Bucket,
  upload: OpenUpload,
  first: IteratorResult<FilePart>,
  rest: AsyncGenerator<FilePart>,
  failed: AbortController,
  signal: AbortSignal,
): Promise<number> {
  const sending = new Set<Promise<void>>();
  let sizeBytes = 0;
  const begin = ({ number, body, sha256, release }: FilePart) => {
    sizeBytes += body.length;
    const sent = sendPart(bucket, upload, { number, body, sha256 }, signal)
      .catch((thrown: unknown) => failed.abort(thrown))
      .finally(() => {
        release();
        sending.delete(sent);
      });
    sending.add(sent);
  };
  try {
    for (let next = first; !next.done; next = await rest.next()) {
      begin(next.value);
      while (sending.size >= partsAtOnce) await Promise.race(sending);
      signal.throwIfAborted();
    }
  } finally {
    // Nobody may still read the memory of a part, or send one to an upload that is aborted.
    await Promise.all(sending);
  }
  signal.throwIfAborted();
  return sizeBytes;
}

async function sendPart(
  bucket: S3Bucket,
  { key, uploadId, parts }: OpenUpload,
  { number, body, sha256 }: Omit<FilePart, 'release'>,
  signal: AbortSignal,
): Promise<void> {
  const part = { ...bucket.common, Key: key, UploadId: uploadId, PartNumber: number, Body: body };
  const { ETag = '' } = await bucket.transfer(() => new UploadPartCommand(part), { bodySha256: sha256, signal });
  parts[number - 1] = ETag;
}

function releaseOf(part: IteratorResult<FilePart>): () => void {
  return part.done ? () => undefined : part.value.release;
}

/** S3 tells times to the second, so its own are compared with each other, and a second is allowed for. */
const secondMs = 1_000;

/** A try whose answer was lost may have opened an upload too, of which nobody knows. */
async function abortLostUploads(bucket: S3Bucket, { key, uploadId: kept }: OpenUpload, tookMs: number): Promise<void> {
  const open = await openUploads(bucket, key);
  const keptAt = open.find(({ UploadId }) => UploadId === kept)?.Initiated?.getTime() ?? 0;
  for (const { UploadId: uploadId = '', Initiated } of open) {
    const olderMs = keptAt - (Initiated?.getTime() ?? 0);
    const ofThisRequest = olderMs >= 0 && olderMs <= tookMs + secondMs;
    if (uploadId !== kept && ofThisRequest) await abortUpload(bucket, { key, uploadId });
  }
}

/**
 * Completes the upload. After any error it looks what is true: an answer may be lost although the upload was completed, and stores differ in what
 * they say of an upload that is gone.
 *
 * @throws LongshoreError `staging-lost` when it is neither open nor completed
 */
export async function completeUpload(bucket: S3Bucket, upload: OpenUpload): Promise<void> {
  const Parts = upload.parts.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
  const request = { ...bucket.common, Key: upload.key, UploadId: upload.uploadId, MultipartUpload: { Parts } };
  try {
    await bucket.transfer(() => new CompleteMultipartUploadCommand(request), {});
  } catch (thrown) {
    if (await isCompleted(bucket, upload)) return;
    if (await isOpen(bucket, upload)) throw thrown;
    throw uploadLost(bucket.name, upload.key, thrown);
  }
}

/** True for an upload that is open, or completed already. */
export async function canComplete(bucket: S3Bucket, upload: OpenUpload): Promise<boolean> {
  return (await isOpen(bucket, upload)) || isCompleted(bucket, upload);
}

export function uploadLost(bucket: string, key: string, cause?: unknown): LongshoreError {
  return new LongshoreError(
    'staging-lost',
    `The staged output s3://${bucket}/${key} is gone; its task is done again.`,
    {
      cause,
    },
  );
}

export async function abortUpload(bucket: S3Bucket, upload: Pick<OpenUpload, 'key' | 'uploadId'>): Promise<void> {
  const request = { ...bucket.common, Key: upload.key, UploadId: upload.uploadId };
  try {
    await bucket.send((client) => client.send(new AbortMultipartUploadCommand(request)));
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
}

/** The uploads that are open under this very key. */
export async function openUploads(bucket: S3Bucket, key: string): Promise<MultipartUpload[]> {
  const request = new ListMultipartUploadsCommand({ ...bucket.common, Prefix: key });
  const { Uploads = [] } = await bucket.send((client) => client.send(request));
  return Uploads.filter((upload) => upload.Key === key);
}

async function isCompleted(bucket: S3Bucket, upload: OpenUpload): Promise<boolean> {
  try {
    const request = new HeadObjectCommand({ ...bucket.common, Key: upload.key });
    const { Metadata } = await bucket.send((client) => client.send(request));
    return Metadata?.[stampName] === upload.stamp;
  } catch (thrown) {
    if (isGone(thrown)) return false;
    if (isUntold(thrown) && !(await isListed(bucket, upload.key))) return false;
    throw thrown;
  }
}

/** Narrow rights list a prefix alone; with them S3 answers that a missing object is forbidden, but lists truly. */
async function isListed(bucket: S3Bucket, key: string): Promise<boolean> {
  const request = new ListObjectsV2Command({ ...bucket.common, Prefix: key, MaxKeys: 1 });
  const { Contents = [] } = await bucket.send((client) => client.send(request));
  return Contents.some((found) => found.Key === key);
}

async function isOpen(bucket: S3Bucket, { key, uploadId }: OpenUpload): Promise<boolean> {
  return (await openUploads(bucket, key)).some((open) => open.UploadId === uploadId);
}
