/** An object store in memory: the fake that passes the same contract as the real ones. */
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { asLongshoreError, LongshoreError } from '../errors/longshore-error.js';
import { refusalOfName } from '../layout/object-name.js';
import { ObjectStore, type ListOptions, type StageRequest } from '../ports/object-store.js';
import { keyAt, type Location } from '../words/location.js';
import type { StagedOutput } from '../words/manifest.js';
import type { ObjectRef } from '../words/object-ref.js';

const pageSize = 1_000;
const chunkBytes = 65_536;

interface Staged {
  bucket: string;
  key: string;
  content: Buffer;
}

export class MemoryObjectStore extends ObjectStore {
  private readonly buckets: Map<string, Map<string, Buffer>>;
  private readonly staged: Map<string, Staged>;

  /** @param beside another instance whose data this one shares, as a second process would */
  constructor(beside?: MemoryObjectStore) {
    super();
    this.buckets = beside?.buckets ?? new Map<string, Map<string, Buffer>>();
    this.staged = beside?.staged ?? new Map<string, Staged>();
  }

  createBucket(name: string): void {
    this.buckets.set(name, new Map());
  }

  put(bucket: string, key: string, content: Uint8Array): void {
    this.bucket(bucket).set(key, Buffer.from(content));
  }

  remove(bucket: string, key: string): void {
    this.bucket(bucket).delete(key);
  }

  content(bucket: string, key: string): Buffer | undefined {
    return this.bucket(bucket).get(key);
  }

  /** Every key of a bucket, in any order. */
  keys(bucket: string): string[] {
    return [...this.bucket(bucket).keys()];
  }

  /** Outputs that are stored and not visible. */
  get stagedCount(): number {
    return this.staged.size;
  }

  async *list({ bucket, prefix }: Location, { after, signal }: ListOptions = {}): AsyncIterable<ObjectRef[]> {
    signal?.throwIfAborted();
    const found = [...this.bucket(bucket)]
      .filter(([key]) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0))
      .sort(([one], [other]) => compareKeys(one, other))
      .map(([key, content]) => ({ key, sizeBytes: content.length, etag: etagOf(content) }));
    for (let start = 0; start < found.length; start += pageSize) {
      signal?.throwIfAborted();
      yield found.slice(start, start + pageSize);
    }
  }

  async *read({ bucket }: Location, object: ObjectRef, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    signal?.throwIfAborted();
    const content = this.bucket(bucket).get(object.key);
    const facts = { objectKey: object.key };
    if (!content) throw new LongshoreError('input-missing', `The object "${object.key}" is not there any more.`, facts);
    if (etagOf(content) !== object.etag) {
      throw new LongshoreError('input-changed', `The object "${object.key}" has changed since it was listed.`, facts);
    }
    for (let start = 0; start < content.length; start += chunkBytes) {
      signal?.throwIfAborted();
      yield content.subarray(start, start + chunkBytes);
    }
  }

  async stage({ location, name, path, signal }: StageRequest): Promise<StagedOutput> {
    const refusal = refusalOfName(name);
    if (refusal !== undefined) throw new LongshoreError('name-refused', `"${name}" is refused because ${refusal}.`);
    this.bucket(location.bucket);
    const content = await readRegular(path);
    signal?.throwIfAborted();
    const token = randomUUID();
    this.staged.set(token, { bucket: location.bucket, key: keyAt(location, name), content });
    return { name, sizeBytes: content.length, sha256: checksumOf(content), token };
  }

  async publish(location: Location, output: StagedOutput): Promise<void> {
    const { bucket, key } = { bucket: location.bucket, key: keyAt(location, output.name) };
    const staged = this.ownStaged(location, output);
    if (staged) {
      this.bucket(bucket).set(key, staged.content);
      this.staged.delete(output.token);
      return;
    }
    const published = this.bucket(bucket).get(key);
    if (published && checksumOf(published) === output.sha256) return;
    throw new LongshoreError('staging-lost', `The staged output "${output.name}" is gone.`);
  }

  async abandon(location: Location, output: StagedOutput): Promise<void> {
    if (this.ownStaged(location, output)) this.staged.delete(output.token);
  }

  async sweep(location: Location, names: readonly string[]): Promise<void> {
    const keys = new Set(names.map((name) => keyAt(location, name)));
    for (const [token, { bucket, key }] of this.staged) {
      if (bucket === location.bucket && keys.has(key)) this.staged.delete(token);
    }
  }

  private ownStaged(location: Location, { name, token }: StagedOutput): Staged | undefined {
    const staged = this.staged.get(token);
    if (!staged || (staged.bucket === location.bucket && staged.key === keyAt(location, name))) return staged;
    throw new LongshoreError('invalid-request', `The token of the staged output "${name}" is another output's.`);
  }

  private bucket(name: string): Map<string, Buffer> {
    const bucket = this.buckets.get(name);
    if (bucket) return bucket;
    throw new LongshoreError('location-not-found', `There is no bucket ${name}.`);
  }
}

async function readRegular(path: string): Promise<Buffer> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const refused = new LongshoreError('output-not-a-file', `${path} is not a regular file.`);
  const opened = await open(path, flags).catch((thrown: NodeJS.ErrnoException) => {
    // ELOOP for a link, ENXIO for a socket.
    if (thrown.code === 'ELOOP' || thrown.code === 'ENXIO') throw refused;
    throw asLongshoreError(thrown, 'storage-failed', 'The output cannot be read');
  });
  await using file = opened;
  if (!(await file.stat()).isFile()) throw refused;
  return file.readFile();
}

function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function checksumOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

function etagOf(content: Buffer): string {
  return createHash('md5').update(content).digest('hex');
}
