/** Storage of objects: S3, a folder, or whatever speaks the same few verbs. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Location } from '../words/location.js';
import type { StagedOutput } from '../words/manifest.js';
import type { ObjectRef } from '../words/object-ref.js';

export interface ListOptions {
  /** Start after this key, which need not exist any more. */
  after?: string;
  signal?: AbortSignal;
}

export interface StageRequest {
  location: Location;
  /** Name below the location's prefix. */
  name: string;
  /** Absolute path of the regular file to store. It is opened without following links. */
  path: string;
  /** The folder a stranger could write to: what is opened has to lie in it, whatever folders on the way have become. */
  within?: string;
  signal?: AbortSignal;
}

/**
 * Reads inputs and stores outputs. Output goes in two steps, because an attempt may turn out to be void after it has uploaded:
 * what is staged is stored but not visible under its name, and only `publish` shows it, whole, at once.
 *
 * Every method throws LongshoreError: `location-not-found` (bucket or folder does not exist), `access-denied`,
 * `input-missing`, `input-changed`, `staging-lost`, `disk-full`, or `storage-failed` for what may pass by itself. An aborted signal ends
 * a call with the signal's reason.
 */
export abstract class ObjectStore {
  /**
   * The objects below a location in pages, ordered by the bytes of their keys. Nothing is held beyond a page. An empty location
   * gives no page; an existing bucket with nothing under the prefix is empty.
   */
  abstract list(location: Location, options?: ListOptions): AsyncIterable<ObjectRef[]>;

  /**
   * The content of an object as it was listed, in chunks.
   *
   * @throws LongshoreError `input-missing` when it is gone, `input-changed` when its content is no longer the listed one.
   */
  abstract read(location: Location, object: ObjectRef, signal?: AbortSignal): AsyncIterable<Uint8Array>;

  /**
   * The same content as a new file. A store that can do better than chunk by chunk does; nothing is held of it either.
   *
   * @throws LongshoreError as `read` does, or what the file system says
   */
  async fetch(location: Location, object: ObjectRef, path: string, signal?: AbortSignal): Promise<void> {
    await pipeline(this.read(location, object, signal), createWriteStream(path, { flags: 'wx', mode: 0o644 }));
  }

  /**
   * Stores a file so that it is not yet visible. Size and checksum are those of the bytes that were stored.
   *
   * @throws LongshoreError `output-not-a-file`, `name-refused`, or `output-collision` where something else lies in its place.
   */
  abstract stage(request: StageRequest): Promise<StagedOutput>;

  /**
   * Makes a staged output visible under its name in one step, replacing what was there. May be repeated, by any process: publishing
   * what is already published changes nothing.
   *
   * @throws LongshoreError `staging-lost` when it was neither published nor is there any more, or when its token names nothing that was staged under
   * its name: tokens come through workers, which may be wrong. `output-collision` where it cannot lie.
   */
  abstract publish(location: Location, staged: StagedOutput): Promise<void>;

  /** True when it is still staged or published already, so that nothing of a manifest has to be shown of which the rest is gone. */
  abstract canPublish(location: Location, staged: StagedOutput): Promise<boolean>;

  /** Removes a staged output that will never be published. May be repeated; what is gone already is no error. */
  abstract abandon(location: Location, staged: StagedOutput): Promise<void>;

  /**
   * Removes everything still staged under these names, by whom ever. Called when a job is over and nobody stages any more, for what
   * killed workers left. May be repeated.
   */
  abstract sweep(location: Location, names: readonly string[]): Promise<void>;
}
