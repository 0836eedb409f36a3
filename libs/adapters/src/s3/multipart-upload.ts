/** An upload that stays open, and so invisible, until somebody completes it. */
import { createHash, randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListPartsCommand,
  UploadPartCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { LongshoreError } from '@longshore/core';
import { partsOf } from './file-parts.js';
import { decodeKey } from './listed-key.js';
import { isGone, isNoSuchUpload } from './s3-errors.js';
import type { OpenUpload } from './upload-token.js';

export interface UploadedContent {
  upload: OpenUpload;
  sizeBytes: number;
  sha256: string;
}

const stampName = 'longshore-upload';

/** Uploads an open file; an upload that fails half-way is aborted. */
export async function beginUpload(
  client: S3Client,
  bucket: string,
  key: string,
  file: FileHandle,
  signal: AbortSignal | undefined,
): Promise<UploadedContent> {
  const stamp = randomUUID();
  const request = { Bucket: bucket, Key: key, Metadata: { [stampName]: stamp } };
  // Never cut off: an upload whose beginning was not heard of would stay open.
  const { UploadId: uploadId = '' } = await client.send(new CreateMultipartUploadCommand(request));
  const upload: OpenUpload = { key, uploadId, stamp, parts: [] };
  try {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for await (const part of partsOf(file)) {
      signal?.throwIfAborted();
      hash.update(part);
      sizeBytes += part.length;
      upload.parts.push(await uploadPart(client, bucket, upload, part, signal));
    }
    return { upload, sizeBytes, sha256: hash.digest('hex') };
  } catch (thrown) {
    await abortUpload(client, bucket, upload).catch(() => undefined);
    throw thrown;
  }
}

/** @throws LongshoreError `staging-lost` when it is neither open nor completed */
export async function completeUpload(client: S3Client, bucket: string, upload: OpenUpload): Promise<void> {
  const Parts = upload.parts.map((ETag, index) => ({ ETag, PartNumber: index + 1 }));
  const request = { Bucket: bucket, Key: upload.key, UploadId: upload.uploadId, MultipartUpload: { Parts } };
  try {
    await client.send(new CompleteMultipartUploadCommand(request));
  } catch (thrown) {
    // An answer may be lost although the upload was completed, and stores differ in what they say of an upload that is gone. Asked in this
    // order, because the upload may be completed between the two questions.
    if (!isNoSuchUpload(thrown) && (await isOpen(client, bucket, upload, thrown))) throw thrown;
    if (!(await isCompleted(client, bucket, upload))) throw lost(bucket, upload, thrown);
  }
}

export async function abortUpload(
  client: S3Client,
  bucket: string,
  { key, uploadId }: Pick<OpenUpload, 'key' | 'uploadId'>,
): Promise<void> {
  try {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }));
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
}

/** All uploads of a bucket that are open, below a prefix. */
export async function* openUploads(
  client: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<Pick<OpenUpload, 'key' | 'uploadId'>> {
  let from: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (from) {
    const request = { Bucket: bucket, Prefix: prefix, EncodingType: 'url' as const, ...from };
    const page: ListMultipartUploadsCommandOutput = await client.send(new ListMultipartUploadsCommand(request));
    for (const { Key = '', UploadId = '' } of page.Uploads ?? []) {
      yield { key: decodeKey(Key, page.EncodingType), uploadId: UploadId };
    }
    const { NextKeyMarker = '', NextUploadIdMarker = '' } = page;
    from = page.IsTruncated
      ? { KeyMarker: decodeKey(NextKeyMarker, page.EncodingType), UploadIdMarker: NextUploadIdMarker }
      : undefined;
  }
}

async function uploadPart(
  client: S3Client,
  bucket: string,
  { key, uploadId, parts }: OpenUpload,
  part: Buffer,
  abortSignal: AbortSignal | undefined,
): Promise<string> {
  const request = new UploadPartCommand({
    Bucket: bucket,
    Key: key,
    UploadId: uploadId,
    PartNumber: parts.length + 1,
    Body: part,
    // The store refuses a part that was damaged on the way.
    ContentMD5: createHash('md5').update(part).digest('base64'),
  });
  const { ETag = '' } = await client.send(request, abortSignal ? { abortSignal } : {});
  return ETag;
}

/** @param why is thrown when the store does not say */
async function isOpen(client: S3Client, bucket: string, { key, uploadId }: OpenUpload, why: unknown): Promise<boolean> {
  try {
    await client.send(new ListPartsCommand({ Bucket: bucket, Key: key, UploadId: uploadId, MaxParts: 1 }));
    return true;
  } catch (thrown) {
    if (isNoSuchUpload(thrown)) return false;
    throw why;
  }
}

async function isCompleted(client: S3Client, bucket: string, { key, stamp }: OpenUpload): Promise<boolean> {
  try {
    const { Metadata } = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return Metadata?.[stampName] === stamp;
  } catch (thrown) {
    if (isGone(thrown)) return false;
    throw thrown;
  }
}

function lost(bucket: string, { key }: OpenUpload, cause: unknown): LongshoreError {
  const sentence = `The staged output s3://${bucket}/${key} is gone; its task is done again.`;
  return new LongshoreError('staging-lost', sentence, { cause });
}
