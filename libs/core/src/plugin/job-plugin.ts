/** The plugin contract: everything Longshore has to know about one kind of job. */
import type { GroupObjects, Variables } from '../groups/job-group.js';
import type { ObjectRef } from '../words/object-ref.js';

/** An object as plugin hooks see it. */
export interface PluginObject extends ObjectRef {
  /** The key below the job's input prefix; also the path of the file below the mounted inputs folder. */
  relativeKey: string;
}

/** A task as plugin hooks see it. */
export interface PluginTask<Params> {
  objects: readonly PluginObject[];
  params: Params;
  /** The values of its group, those that all groups of the job have among them; empty where the job lists no groups. */
  variables: Variables;
  /** The inputs folder inside the container. */
  inputs: string;
  /** The outputs folder inside the container. */
  outputs: string;
}

export interface ContainerExit {
  exitCode: number;
  /** The last lines of stdout and stderr, as they came. */
  log: string;
}

/** What an exit means: `done` goes on to the outputs, `failed` ends the attempt with this sentence. */
export type Verdict = { done: true } | { done: false; message: string };

export interface ResourceLimits {
  /** Processor cores, fractions allowed. */
  cpus: number;
  /** Such as `512MiB` or `4GiB`. */
  memory: string;
  /** Most processes and threads. */
  pids: number;
  /** Most files one process may have open; 1024 unless it says otherwise. */
  openFiles?: number;
  /** What the outputs of one task may take together, and so the largest file it may write; `4GiB` unless it says otherwise. */
  outputBytes?: string;
  /** Most files and folders the outputs of one task may be; 20000 unless it says otherwise. */
  outputFiles?: number;
  /** Size of `/tmp`, which counts as memory; `64MiB` unless it says otherwise. */
  temporaryBytes?: string;
}

export const networks = ['none', 'bridge', 'host'] as const;

/** `none`: only itself. `bridge`: the engine's own network. `host`: everything this machine reaches. */
export type Network = (typeof networks)[number];

export const lifecycles = ['long-lived', 'warm', 'per-task'] as const;

/**
 * `long-lived`: one container per slot and an exec per task. `warm`: the same, with each task started from within, which takes milliseconds.
 * `per-task`: a fresh container for each task.
 */
export type Lifecycle = (typeof lifecycles)[number];

export interface ContainerDefinition {
  /** A tag or a digest; the digest that ran is recorded with every result. */
  image: string;
  /** Name of the container. Where it is taken on this machine, worker and slot are appended. */
  name: string;
  lifecycle: Lifecycle;
  /** Where the container finds its inputs, read-only, and leaves its outputs. */
  mounts: { inputs: string; outputs: string };
  resources: ResourceLimits;
  network: Network;
}

export interface StorageLayout {
  /** Glob patterns on the key below the prefix; a job may give its own. */
  include: readonly string[];
  exclude: readonly string[];
  /** Objects with the same group stay in one task. */
  groupBy?: ((object: PluginObject) => string) | undefined;
  /**
   * Which objects belong to a group that a job lists by its values alone: patterns on the key below the prefix, in which letter case counts, or the
   * text they begin with.
   */
  objectsOfGroup?: ((variables: Variables) => GroupObjects | GroupObjects[]) | undefined;
  /** The names below the output prefix that this one object must produce. */
  outputs: (object: PluginObject) => string[];
  /** The name of a small JSON file the container writes about this object; kept in the manifest, not published. */
  record?: ((object: PluginObject) => string) | undefined;
  /**
   * True when the command writes each output under another name and renames it once it is complete, so that an output that exists is whole also
   * when the command ends badly. What was finished is then kept, and only the rest is tried again.
   */
  outputsAppearWhole?: boolean | undefined;
}

/** The small result of one object, for reports. */
export interface ObjectRecord {
  objectKey: string;
  relativeKey: string;
  record: Record<string, unknown>;
}

export interface FinishedJob<Params> {
  params: Params;
  /** The records of every completed object, in no promised order. */
  records: () => AsyncIterable<ObjectRecord>;
}

/** A file that is published once, when the job is over. */
export interface ReportFile {
  /** Name below the output prefix. */
  name: string;
  content: AsyncIterable<string> | Iterable<string>;
}

export type ParamsClass<Params extends object> = new () => Params;

export interface JobPlugin<Params extends object = object> {
  /** Lower-case letters, digits and hyphens. */
  name: string;
  /** Semantic version; part of the provenance of every result. */
  version: string;
  summary: string;
  /** A class-validator class whose initial values are the defaults. */
  params: ParamsClass<Params>;
  container: ContainerDefinition;
  layout: StorageLayout;
  /** The command as argv; no shell is put around it. */
  command(task: PluginTask<Params>): string[];
  /** Environment of the command. */
  environment?(task: PluginTask<Params>): Record<string, string>;
  /** Reads the exit of the command; without it, 0 is done and everything else failed. */
  interpret?(exit: ContainerExit): Verdict;
  /** Files made from the records of the whole job when it is over. */
  summarize?(job: FinishedJob<Params>): AsyncIterable<ReportFile> | Iterable<ReportFile>;
  /** Longest time one command may run, unless the job says otherwise. */
  timeoutSeconds?: number;
}
