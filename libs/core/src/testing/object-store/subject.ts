/** What an object store has to bring to its contract, and the steps that the contract takes with it again and again. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ListOptions, ObjectStore } from '../../ports/object-store.js';
import { keyAt, relativeKey, type Location } from '../../words/location.js';
import type { StagedOutput } from '../../words/manifest.js';
import type { ObjectRef } from '../../words/object-ref.js';
import { hostileNames } from './hostile-names.js';

export interface ObjectStoreSubject {
  store: ObjectStore;
  /** A second instance on the same data, as another process would have. */
  other: ObjectStore;
  /** A location that exists and is empty. */
  location: Location;
  /** A location whose bucket or folder does not exist. */
  missing: Location;
  /** Writes an object without the store, whole at once, replacing what was there. */
  put(relativeKey: string, content: Uint8Array): Promise<void>;
  /** Removes an object without the store. */
  remove(relativeKey: string): Promise<void>;
  /** The content a stranger finds under a name; undefined where nothing is. */
  readPublished(relativeKey: string): Promise<Buffer | undefined>;
  /** The names a stranger finds below the location, in any order. */
  listPublished(): Promise<string[]>;
  /** What the store keeps beside the published: open uploads, staged files, folders with nothing in them. */
  leftovers(): Promise<string[]>;
  /** Hostile names that cannot exist in this store at all. */
  unfit?: readonly string[];
  close(): Promise<void>;
}

/** An opened store, and a folder for the files that are stored in it. */
export class ObjectStoreTrial implements AsyncDisposable {
  private constructor(
    readonly subject: ObjectStoreSubject,
    readonly folder: string,
  ) {}

  static async open(open: () => Promise<ObjectStoreSubject>): Promise<ObjectStoreTrial> {
    return new ObjectStoreTrial(await open(), await mkdtemp(join(tmpdir(), 'longshore-object-store-')));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.subject.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  get store(): ObjectStore {
    return this.subject.store;
  }

  get location(): Location {
    return this.subject.location;
  }

  get names(): readonly string[] {
    return hostileNames.filter((name) => !this.subject.unfit?.includes(name));
  }

  keyOf(name: string): string {
    return keyAt(this.location, name);
  }

  put(name: string, content: string | Uint8Array): Promise<void> {
    return this.subject.put(name, Buffer.from(content));
  }

  /** A hundred at a time, because a listing of more than one page needs more than a thousand. */
  async putAll(names: readonly string[], content: (name: string) => string): Promise<void> {
    for (let start = 0; start < names.length; start += 100) {
      await Promise.all(names.slice(start, start + 100).map((name) => this.put(name, content(name))));
    }
  }

  async pages(options: ListOptions = {}): Promise<ObjectRef[][]> {
    return Array.fromAsync(this.store.list(this.location, options));
  }

  async list(after?: string): Promise<ObjectRef[]> {
    return (await this.pages(after === undefined ? {} : { after: this.keyOf(after) })).flat();
  }

  async listNames(after?: string): Promise<string[]> {
    return (await this.list(after)).map(({ key }) => relativeKey(this.location, key));
  }

  /** Puts one object and gives it as it is listed. */
  async listed(name: string, content: string | Uint8Array): Promise<ObjectRef> {
    await this.put(name, content);
    const found = (await this.list()).find(({ key }) => key === this.keyOf(name));
    if (!found) throw new Error(`"${name}" is not listed.`);
    return found;
  }

  async read(object: ObjectRef, signal?: AbortSignal): Promise<Buffer> {
    return Buffer.concat(await Array.fromAsync(this.store.read(this.location, object, signal)));
  }

  /** A file as a container would leave it. */
  async file(content: string | Uint8Array): Promise<string> {
    const path = join(this.folder, randomUUID());
    await writeFile(path, content);
    return path;
  }

  async stage(name: string, content: string | Uint8Array, store = this.store): Promise<StagedOutput> {
    return store.stage({ location: this.location, name, path: await this.file(content) });
  }

  publish(staged: StagedOutput, store = this.store): Promise<void> {
    return store.publish(this.location, staged);
  }

  abandon(staged: StagedOutput, store = this.store): Promise<void> {
    return store.abandon(this.location, staged);
  }

  /** Everything that is published, by name. */
  async published(): Promise<Map<string, string>> {
    const names = await this.subject.listPublished();
    const found = names.map(async (name): Promise<[string, string]> => [
      name,
      String(await this.subject.readPublished(name)),
    ]);
    return new Map(await Promise.all(found));
  }
}

/** The order of keys every store promises. */
export function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
