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
import { partsOf } from './file-parts.js';
import { outputAttributes } from './output-attributes.js';
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

/** Uploads a regular file; an upload that fails half-way is aborted. */
export async function beginUpload(
  bucket: S3Bucket,
  key: string,
  { path, name, within, signal }: Pick<StageRequest, 'path' | 'name' | 'within' | 'signal'>,
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
  const parts = partsOf(file, hash);
  // A file that S3 cannot take is refused before anything is opened for it.
  let next = await parts.next();
  const begunAt = performance.now();
  const create = new CreateMultipartUploadCommand(request);
  const opened = await bucket.send((client, options) => client.send(create, options), signal);
  const tookMs = performance.now() - begunAt;
  const { UploadId: uploadId = '', $metadata } = opened;
  const upload: OpenUpload = { key, uploadId, stamp, parts: [] };
  try {
    if (($metadata.attempts ?? 1) > 1) await abortLostUploads(bucket, upload, tookMs);
    let sizeBytes = 0;
    for (; !next.done; next = await parts.next()) {
      const { body: Body, number: PartNumber, md5: ContentMD5 } = next.value;
      sizeBytes += Body.length;
      // The store refuses a part that was damaged on the way.
      const part = { ...bucket.common, Key: key, UploadId: uploadId, PartNumber, Body, ContentMD5 };
      const { ETag = '' } = await bucket.send(
        (client, options) => client.send(new UploadPartCommand(part), options),
        signal,
      );
      upload.parts.push(ETag);
    }
    return { upload, sizeBytes, sha256: hash.digest('hex') };
  } catch (thrown) {
    await abortUpload(bucket, upload).catch(() => undefined);
    throw thrown;
  }
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
    await bucket.send((client) => client.send(new CompleteMultipartUploadCommand(request)));
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
