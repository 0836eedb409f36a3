/** An upload that stays open, and so invisible, until somebody completes it. */
import { createHash, randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { LongshoreError, type StageRequest } from '@longshore/core';
import { openRegular } from '../files/index.js';
import { partSize } from './part-size.js';
import { isGone } from './s3-errors.js';

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

/** Uploads a regular file; an upload that fails half-way is aborted. */
export async function beginUpload(
  client: S3Client,
  bucket: string,
  key: string,
  { path, within, signal: abortSignal }: Pick<StageRequest, 'path' | 'within' | 'signal'>,
): Promise<UploadedContent> {
  await using file = await openRegular(path, within);
  const stamp = randomUUID();
  const request = { Bucket: bucket, Key: key, Metadata: { [stampName]: stamp } };
  const options = abortSignal ? { abortSignal } : {};
  const begunAt = performance.now();
  const opened = await client.send(new CreateMultipartUploadCommand(request), options);
  const tookMs = performance.now() - begunAt;
  const { UploadId: uploadId = '', $metadata } = opened;
  const upload: OpenUpload = { key, uploadId, stamp, parts: [] };
  try {
    if (($metadata.attempts ?? 1) > 1) await abortLostUploads(client, bucket, upload, tookMs);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const part of partsOf(file)) {
      hash.update(part);
      sizeBytes += part.length;
      const PartNumber = upload.parts.length + 1;
      // The store refuses a part that was damaged on the way.
      const ContentMD5 = createHash('md5').update(part).digest('base64');
      const sent = { Bucket: bucket, Key: key, UploadId: uploadId, PartNumber, Body: part, ContentMD5 };
      const { ETag = '' } = await client.send(new UploadPartCommand(sent), options);
      upload.parts.push(ETag);
    }
    return { upload, sizeBytes, sha256: hash.digest('hex') };
  } catch (thrown) {
    await abortUpload(client, bucket, upload).catch(() => undefined);
    throw thrown;
  }
}

/** S3 tells times to the second, so its own are compared with each other, and a second is allowed for. */
const secondMs = 1_000;

/** A try whose answer was lost may have opened an upload too, of which nobody knows. */
async function abortLostUploads(
  client: S3Client,
  bucket: string,
  { key, uploadId: kept }: OpenUpload,
  tookMs: number,
): Promise<void> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }));
  const open = Uploads.filter((upload) => upload.Key === key);
  const keptAt = open.find(({ UploadId }) => UploadId === kept)?.Initiated?.getTime() ?? 0;
  for (const { UploadId: uploadId = '', Initiated } of open) {
    const olderMs = keptAt - (Initiated?.getTime() ?? 0);
    const ofThisRequest = olderMs >= 0 && olderMs <= tookMs + secondMs;
    if (uploadId !== kept && ofThisRequest) await abortUpload(client, bucket, { key, uploadId });
  }
}

/**
 * Completes the upload. After any error it looks what is true: an answer may be lost although the upload was completed, and stores differ in what
 * they say of an upload that is gone.
 *
 * @throws LongshoreError `staging-lost` when it is neither open nor completed
 */
export async function completeUpload(client: S3Client, bucket: string, upload: OpenUpload): Promise<void> {
  const Parts = upload.parts.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
  const request = { Bucket: bucket, Key: upload.key, UploadId: upload.uploadId, MultipartUpload: { Parts } };
  try {
    await client.send(new CompleteMultipartUploadCommand(request));
  } catch (thrown) {
    if (await isCompleted(client, bucket, upload)) return;
    if (await isOpen(client, bucket, upload)) throw thrown;
    throw uploadLost(bucket, upload.key, thrown);
  }
}

/** True for an upload that is open, or completed already. */
export async function canComplete(client: S3Client, bucket: string, upload: OpenUpload): Promise<boolean> {
  return (await isOpen(client, bucket, upload)) || isCompleted(client, bucket, upload);
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

export async function abortUpload(
  client: S3Client,
  bucket: string,
  upload: Pick<OpenUpload, 'key' | 'uploadId'>,
): Promise<void> {
  try {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: upload.key, UploadId: upload.uploadId }));
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
}

async function isCompleted(client: S3Client, bucket: string, upload: OpenUpload): Promise<boolean> {
  try {
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: upload.key }));
    return Metadata?.[stampName] === upload.stamp;
  } catch (thrown) {
    if (isGone(thrown)) return false;
    throw thrown;
  }
}

async function isOpen(client: S3Client, bucket: string, { key, uploadId }: OpenUpload): Promise<boolean> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key }));
  return Uploads.some((open) => open.Key === key && open.UploadId === uploadId);
}

/** An empty file has one empty part, because an upload without parts cannot be completed. */
async function* partsOf(file: FileHandle): AsyncGenerator<Buffer> {
  const size = partSize((await file.stat()).size);
  for (let number = 1; ; number += 1) {
    const part = await readFully(file, size);
    if (part.length > 0 || number === 1) yield part;
    if (part.length < size) return;
  }
}

async function readFully(file: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(buffer, filled, size - filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
