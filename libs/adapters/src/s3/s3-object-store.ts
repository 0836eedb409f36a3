/** S3, or anything that speaks it, as an object store. */
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
  type S3ClientConfig,
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
import {
  canComplete,
  uploadLost,
  abortUpload,
  beginUpload,
  completeUpload,
  type OpenUpload,
} from './multipart-upload.js';
import { s3Error } from './s3-errors.js';

export class S3ObjectStore extends ObjectStore {
  private readonly client: S3Client;

  /**
   * What is not given comes from the environment, as the AWS SDK reads it.
   *
   * @param patienceMs a connection on which nothing comes for so long counts as lost; the SDK alone would wait for ever
   */
  constructor(config: S3ClientConfig = {}, patienceMs = 60_000) {
    super();
    const ownEndpoint = config.endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
    this.client = new S3Client({
      region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1',
      // Buckets as host names need a wildcard DNS entry that other stores than AWS rarely have.
      forcePathStyle: ownEndpoint !== undefined,
      followRegionRedirects: true,
      maxAttempts: 5,
      // Older stores refuse the checksum headers the SDK would add by itself; parts carry an MD5 instead.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      // What comes back is compared with the checksum the store keeps, where it keeps one.
      responseChecksumValidation: 'WHEN_SUPPORTED',
      requestHandler: { connectionTimeout: Math.min(10_000, patienceMs), socketTimeout: patienceMs },
      ...config,
    });
  }

  async *list(location: Location, { after, signal }: ListOptions = {}): AsyncIterable<ObjectRef[]> {
    const { bucket, prefix } = location;
    let token: string | undefined;
    do {
      const request = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        // XML cannot carry control characters; in this encoding every key arrives.
        EncodingType: 'url',
        ...(token !== undefined ? { ContinuationToken: token } : after !== undefined && { StartAfter: after }),
      });
      const page = await this.client.send(request, signal ? { abortSignal: signal } : {}).catch((thrown: unknown) => {
        signal?.throwIfAborted();
        throw s3Error(thrown, `The objects of s3://${bucket}/${prefix} cannot be listed`);
      });
      const found = (page.Contents ?? []).map(({ Key = '', Size = 0, ETag = '' }) => ({
        key: decodeKey(Key),
        sizeBytes: Size,
        etag: ETag,
      }));
      if (found.length > 0) yield found;
      token = page.NextContinuationToken;
    } while (token !== undefined);
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
      if (bytes !== object.sizeBytes) {
        throw new LongshoreError('storage-failed', `${doing}: ${bytes} of ${object.sizeBytes} bytes arrived.`);
      }
    } catch (thrown) {
      signal?.throwIfAborted();
      throw s3Error(thrown, doing, object.key);
    }
  }

  async stage({ location, name, signal, ...source }: StageRequest): Promise<StagedOutput> {
    const key = safeKey(location, name);
    try {
      const { upload, sizeBytes, sha256 } = await beginUpload(this.client, location.bucket, key, {
        ...source,
        ...(signal && { signal }),
      });
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
      await completeUpload(this.client, location.bucket, upload);
    } catch (thrown) {
      throw outputError(thrown, location, upload.key, 'published');
    }
  }

  async canPublish(location: Location, staged: StagedOutput): Promise<boolean> {
    const upload = readToken(location, staged);
    if (!upload) return false;
    try {
      return await canComplete(this.client, location.bucket, upload);
    } catch (thrown) {
      throw outputError(thrown, location, upload.key, 'looked at');
    }
  }

  async abandon(location: Location, staged: StagedOutput): Promise<void> {
    const upload = readToken(location, staged);
    if (!upload) return;
    try {
      await abortUpload(this.client, location.bucket, upload);
    } catch (thrown) {
      throw outputError(thrown, location, upload.key, 'abandoned');
    }
  }

  async sweep(location: Location, names: readonly string[]): Promise<void> {
    const { bucket } = location;
    for (const name of names) {
      const key = safeKey(location, name);
      try {
        const request = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: key });
        const { Uploads = [] } = await this.client.send(request);
        for (const { Key, UploadId = '' } of Uploads) {
          if (Key === key) await abortUpload(this.client, bucket, { key, uploadId: UploadId });
        }
      } catch (thrown) {
        throw outputError(thrown, location, key, 'cleared');
      }
    }
  }
}

/** In this encoding a space comes as "+" and everything else as percent and hexadecimal. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll('+', ' '));
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

/** A bucket or key that is missing on the way out is never a missing input. */
function outputError(thrown: unknown, { bucket }: Location, key: string, done: string): LongshoreError {
  const error = s3Error(thrown, `The output s3://${bucket}/${key} cannot be ${done}`);
  if (error.code !== 'input-missing' && error.code !== 'input-changed') return error;
  return new LongshoreError('storage-failed', error.message, { cause: thrown });
}
