/** S3, or anything that speaks it, as an object store. */
import {
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import {
  keyAt,
  LongshoreError,
  ObjectStore,
  refusalOfName,
  type ListOptions,
  type Location,
  type ObjectRef,
  type StagedOutput,
  type StageRequest,
} from '@longshore/core';
import { openRegular } from '../files/index.js';
import { commonPrefix, decodeKey } from './listed-key.js';
import { abortUpload, beginUpload, completeUpload, openUploads } from './multipart-upload.js';
import { createS3Client, type S3Settings } from './s3-client.js';
import { s3Error } from './s3-errors.js';
import { readToken, writeToken } from './upload-token.js';

const pageSize = 1_000;

export class S3ObjectStore extends ObjectStore {
  private readonly client: S3Client;

  constructor(settings?: S3Settings) {
    super();
    this.client = createS3Client(settings);
  }

  async *list(location: Location, { after, signal }: ListOptions = {}): AsyncIterable<ObjectRef[]> {
    const { bucket, prefix } = location;
    let position: { StartAfter?: string; ContinuationToken?: string } | undefined = after ? { StartAfter: after } : {};
    while (position) {
      const request = { Bucket: bucket, Prefix: prefix, MaxKeys: pageSize, EncodingType: 'url' as const, ...position };
      const sent = this.client.send(new ListObjectsV2Command(request), signal ? { abortSignal: signal } : {});
      const page: ListObjectsV2CommandOutput = await sent.catch((thrown: unknown) => {
        signal?.throwIfAborted();
        const doing = `The objects of s3://${bucket}/${prefix} cannot be listed`;
        throw s3Error(thrown, { doing, action: 's3:ListBucket' });
      });
      const objects = (page.Contents ?? []).map(({ Key = '', Size = 0, ETag = '' }) => ({
        key: decodeKey(Key, page.EncodingType),
        sizeBytes: Size,
        etag: ETag,
      }));
      if (objects.length > 0) yield objects;
      position = page.NextContinuationToken ? { ContinuationToken: page.NextContinuationToken } : undefined;
    }
  }

  async *read({ bucket }: Location, object: ObjectRef, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const doing = `The object s3://${bucket}/${object.key} cannot be read`;
    try {
      const request = new GetObjectCommand({ Bucket: bucket, Key: object.key, IfMatch: object.etag });
      const { Body } = await this.client.send(request, signal ? { abortSignal: signal } : {});
      let bytes = 0;
      for await (const chunk of Body as AsyncIterable<Uint8Array>) {
        signal?.throwIfAborted();
        bytes += chunk.length;
        yield chunk;
      }
      if (bytes !== object.sizeBytes) throw new Error(`${bytes} of ${object.sizeBytes} bytes arrived`);
    } catch (thrown) {
      signal?.throwIfAborted();
      throw s3Error(thrown, { doing, action: 's3:GetObject', objectKey: object.key });
    }
  }

  async stage({ location, name, path, signal }: StageRequest): Promise<StagedOutput> {
    signal?.throwIfAborted();
    const key = outputKey(location, name);
    try {
      await using file = await openRegular(path);
      const { upload, sizeBytes, sha256 } = await beginUpload(this.client, location.bucket, key, file, signal);
      return { name, sizeBytes, sha256, token: writeToken(upload) };
    } catch (thrown) {
      signal?.throwIfAborted();
      throw outputError(thrown, location, key, 'stored', 's3:PutObject');
    }
  }

  async publish(location: Location, staged: StagedOutput): Promise<void> {
    const key = outputKey(location, staged.name);
    const upload = readToken(staged.token, key);
    try {
      await completeUpload(this.client, location.bucket, upload);
    } catch (thrown) {
      throw outputError(thrown, location, key, 'published', 's3:PutObject and s3:GetObject');
    }
  }

  async abandon(location: Location, staged: StagedOutput): Promise<void> {
    const key = outputKey(location, staged.name);
    const upload = readToken(staged.token, key);
    try {
      await abortUpload(this.client, location.bucket, upload);
    } catch (thrown) {
      throw outputError(thrown, location, key, 'abandoned', 's3:AbortMultipartUpload');
    }
  }

  /** Asks once for all names, because one page of open uploads costs as much as one of them. */
  async sweep(location: Location, names: readonly string[]): Promise<void> {
    const keys = new Set(names.map((name) => keyAt(location, name)));
    if (keys.size === 0) return;
    const prefix = commonPrefix(keys);
    try {
      for await (const upload of openUploads(this.client, location.bucket, prefix)) {
        if (keys.has(upload.key)) await abortUpload(this.client, location.bucket, upload);
      }
    } catch (thrown) {
      const actions = 's3:ListBucketMultipartUploads and s3:AbortMultipartUpload';
      throw outputError(thrown, location, prefix, 'cleared of open uploads', actions);
    }
  }
}

function outputKey(location: Location, name: string): string {
  const refusal = refusalOfName(name);
  if (refusal === undefined) return keyAt(location, name);
  throw new LongshoreError('name-refused', `The output "${name}" is refused because ${refusal}.`);
}

/** What is missing or changed on the way out is never an input. */
function outputError(thrown: unknown, { bucket }: Location, key: string, done: string, action: string): LongshoreError {
  const error = s3Error(thrown, { doing: `The output s3://${bucket}/${key} cannot be ${done}`, action });
  if (error.code !== 'input-missing' && error.code !== 'input-changed') return error;
  return new LongshoreError('storage-failed', error.message, { cause: thrown });
}
