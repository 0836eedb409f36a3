/** An object store in memory: the fake that passes the same contract as the real ones. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { LongshoreError } from '../errors/longshore-error.js';
import { compareKeys } from '../layout/key-order.js';
import { refusalOfName } from '../layout/object-name.js';
import { ObjectStore, type ListOptions, type StageRequest } from '../ports/object-store.js';
import { keyAt, type Location } from '../words/location.js';
import type { StagedOutput } from '../words/manifest.js';
import type { ObjectRef } from '../words/object-ref.js';

const pageSize = 1_000;

interface Staged {
  name: string;
  bucket: string;
  key: string;
  content: Buffer;
}

export class MemoryObjectStore extends ObjectStore {
  private readonly buckets = new Map<string, Map<string, Buffer>>();
  private readonly staged = new Map<string, Staged>();
  private readonly published = new Set<string>();
  private readonly archived = new Set<string>();
  private tokens = 0;

  createBucket(name: string): void {
    this.buckets.set(name, new Map());
  }

  put(bucket: string, key: string, content: Uint8Array): void {
    this.bucket(bucket).set(key, Buffer.from(content));
  }

  remove(bucket: string, key: string): void {
    this.bucket(bucket).delete(key);
  }

  /** Puts an object where it cannot be read, or takes it back out of there. */
  archive(bucket: string, key: string, isArchived = true): void {
    if (isArchived) this.archived.add(`${bucket}/${key}`);
    else this.archived.delete(`${bucket}/${key}`);
  }

  content(bucket: string, key: string): Buffer | undefined {
    return this.bucket(bucket).get(key);
  }

  /** Outputs that are stored and not visible. */
  get stagedCount(): number {
    return this.staged.size;
  }

  async *list({ bucket, prefix }: Location, { after, signal }: ListOptions = {}): AsyncIterable<ObjectRef[]> {
    const found = [...this.bucket(bucket)]
      .filter(([key]) => key.startsWith(prefix) && (after === undefined || compareKeys(key, after) > 0))
      .sort(([one], [other]) => compareKeys(one, other))
      .map(([key, content]) => ({
        key,
        sizeBytes: content.length,
        etag: etagOf(content),
        ...(this.archived.has(`${bucket}/${key}`) && { archived: true as const }),
      }));
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
    yield content;
  }

  async stage({ location, name, path, signal }: StageRequest): Promise<StagedOutput> {
    const refusal = refusalOfName(name);
    if (refusal !== undefined) throw new LongshoreError('name-refused', `"${name}" is refused because ${refusal}.`);
    this.bucket(location.bucket);
    const content = await readRegular(path);
    signal?.throwIfAborted();
    return this.stageContent(location, name, content);
  }

  /** Stages without a file. */
  stageContent(location: Location, name: string, content: Buffer): StagedOutput {
    const token = `staged-${(this.tokens += 1)}`;
    this.staged.set(token, { name, bucket: location.bucket, key: keyAt(location, name), content });
    return { name, sizeBytes: content.length, sha256: createHash('sha256').update(content).digest('hex'), token };
  }

  /** Keys of everything that is visible in a bucket. */
  keys(bucket: string): string[] {
    return [...this.bucket(bucket).keys()].sort(compareKeys);
  }

  async publish(_location: Location, { token, name }: StagedOutput): Promise<void> {
    const staged = this.staged.get(token);
    if (staged?.name !== name) {
      if (this.published.has(token)) return;
      throw new LongshoreError('staging-lost', `The staged output "${name}" is gone.`);
    }
    this.bucket(staged.bucket).set(staged.key, staged.content);
    this.staged.delete(token);
    this.published.add(token);
  }

  async canPublish(_location: Location, { token, name }: StagedOutput): Promise<boolean> {
    return this.staged.get(token)?.name === name || this.published.has(token);
  }

  async abandon(_location: Location, { token }: StagedOutput): Promise<void> {
    this.staged.delete(token);
  }

  async sweep(location: Location, names: readonly string[]): Promise<void> {
    const keys = new Set(names.map((name) => keyAt(location, name)));
    for (const [token, { bucket, key }] of this.staged) {
      if (bucket === location.bucket && keys.has(key)) this.staged.delete(token);
    }
  }

  private bucket(name: string): Map<string, Buffer> {
    const bucket = this.buckets.get(name);
    if (bucket) return bucket;
    throw new LongshoreError('location-not-found', `There is no bucket ${name}.`);
  }
}

async function readRegular(path: string): Promise<Buffer> {
  const refused = new LongshoreError('output-not-a-file', `${path} is not a regular file.`);
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const opened = await open(path, flags).catch((thrown: NodeJS.ErrnoException) => {
    throw thrown.code === 'ELOOP' ? refused : thrown;
  });
  await using file = opened;
  if (!(await file.stat()).isFile()) throw refused;
  return file.readFile();
}

function etagOf(content: Buffer): string {
  return createHash('md5').update(content).digest('hex');
}
