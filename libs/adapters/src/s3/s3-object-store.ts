/** S3, or anything that speaks it, as an object store. */
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
import { listBucket, type ListingLimits, type UnorderedBuckets } from './listing/list-bucket.js';
import {
  canComplete,
  uploadLost,
  abortUpload,
  beginUpload,
  completeUpload,
  openUploads,
  type OpenUpload,
} from './multipart-upload.js';
import { PartMemory } from './part-memory.js';
import { fetchObject, readObject } from './read-object.js';
import { S3Bucket } from './s3-bucket.js';
import { S3Clients, type S3Connections } from './s3-clients.js';
import { s3Error } from './s3-errors.js';
import { FileFailure } from './transfer/file-receiver.js';

export class S3ObjectStore extends ObjectStore {
  private readonly clients: S3Clients;
  private readonly memory = new PartMemory();
  private readonly unordered: UnorderedBuckets = new Set();

  /** What is not given comes from the environment, as the AWS SDK reads it. */
  constructor(
    connections: S3Connections = {},
    private readonly limits: ListingLimits = {},
  ) {
    super();
    this.clients = new S3Clients(connections);
  }

  list(location: Location, options: ListOptions = {}): AsyncIterable<ObjectRef[]> {
    return listBucket(this.bucketOf(location), options, this.unordered, this.limits);
  }

  async *read(location: Location, object: ObjectRef, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    const bucket = this.bucketOf(location);
    try {
      for await (const chunk of readObject(bucket, object, signal)) {
        signal?.throwIfAborted();
        yield chunk;
      }
    } catch (thrown) {
      signal?.throwIfAborted();
      throw readError(thrown, bucket, object);
    }
  }

  override async fetch(location: Location, object: ObjectRef, path: string, signal?: AbortSignal): Promise<void> {
    const bucket = this.bucketOf(location);
    try {
      await fetchObject(bucket, object, path, signal);
    } catch (thrown) {
      signal?.throwIfAborted();
      throw thrown instanceof FileFailure ? thrown.cause : readError(thrown, bucket, object);
    }
  }

  async stage({ location, ...source }: StageRequest): Promise<StagedOutput> {
    const { name, signal } = source;
    const key = safeKey(location, name);
    try {
      const { upload, sizeBytes, sha256 } = await beginUpload(this.bucketOf(location), key, source, this.memory);
      return { name, sizeBytes, sha256, token: JSON.stringify(upload) };
    } catch (thrown) {
      signal?.throwIfAborted();
      throw outputError(thrown, location, key, 'stored');
    }
  }

  async publish(location: Location, staged: StagedOutput): Promise<void> {
    const upload = readToken(location, staged);
    if (!upload) throw uploadLost(location.bucket, keyAt(location, staged.name));
    try {
      await completeUpload(this.bucketOf(location), upload);
    } catch (thrown) {
      throw outputError(thrown, location, upload.key, 'published');
    }
  }

  async canPublish(location: Location, staged: StagedOutput): Promise<boolean> {
    const upload = readToken(location, staged);
    if (!upload) return false;
    try {
      return await canComplete(this.bucketOf(location), upload);
    } catch (thrown) {
      throw outputError(thrown, location, upload.key, 'looked at');
    }
  }

  async abandon(location: Location, staged: StagedOutput): Promise<void> {
    const upload = readToken(location, staged);
    if (!upload) return;
    try {
      await abortUpload(this.bucketOf(location), upload);
    } catch (thrown) {
      throw outputError(thrown, location, upload.key, 'abandoned');
    }
  }

  async sweep(location: Location, names: readonly string[]): Promise<void> {
    const bucket = this.bucketOf(location);
    for (const name of names) {
      const key = safeKey(location, name);
      try {
        for (const { UploadId = '' } of await openUploads(bucket, key)) {
          await abortUpload(bucket, { key, uploadId: UploadId });
        }
      } catch (thrown) {
        throw outputError(thrown, location, key, 'cleared');
      }
    }
  }

  private bucketOf(location: Location): S3Bucket {
    return new S3Bucket(this.clients, location);
  }
}

function safeKey(location: Location, name: string): string {
  const refusal = refusalOfName(name);
  if (refusal === undefined) return keyAt(location, name);
  throw new LongshoreError('name-refused', `The output "${name}" is refused because ${refusal}.`);
}

/** A token comes back through a worker, which may be wrong; it must not reach another key than its own output's. */
function readToken(location: Location, { name, token }: StagedOutput): OpenUpload | undefined {
  const key = safeKey(location, name);
  try {
    const { uploadId, stamp, parts, ...upload } = JSON.parse(token) as OpenUpload;
    const isOurs = upload.key === key && [uploadId, stamp, ...parts].every((text) => typeof text === 'string');
    return isOurs ? { key, uploadId, stamp, parts } : undefined;
  } catch {
    return undefined;
  }
}

function readError(thrown: unknown, bucket: S3Bucket, { key }: ObjectRef): LongshoreError {
  return s3Error(thrown, `The object s3://${bucket.name}/${key} cannot be read`, key);
}

/** A bucket or key that is missing on the way out is never a missing input. */
function outputError(thrown: unknown, { bucket }: Location, key: string, done: string): LongshoreError {
  const error = s3Error(thrown, `The output s3://${bucket}/${key} cannot be ${done}`);
  if (error.code !== 'input-missing' && error.code !== 'input-changed') return error;
  return new LongshoreError('storage-failed', error.message, { cause: thrown });
}
