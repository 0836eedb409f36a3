/** Runs containers. */
import type { Network, ResourceLimits } from '../plugin/job-plugin.js';

export interface PullProgress {
  /** Bytes that have arrived, over all layers known so far. */
  currentBytes: number;
  totalBytes: number;
}

export interface ImageFacts {
  /** What identifies the content that runs, as `sha256:...`. */
  digest: string;
  sizeBytes: number;
}

export interface Mount {
  /** Absolute path on this machine. */
  host: string;
  /** Absolute path in the container. */
  container: string;
  readOnly: boolean;
}

export interface ContainerSpec {
  image: string;
  name: string;
  labels: Record<string, string>;
  mounts: Mount[];
  resources: ResourceLimits;
  network: Network;
  /** `uid:gid` the container's processes run as. */
  user: string;
  /** Whether commands are to be started from within, where the engine and the image can; nothing else about them differs. */
  warm?: boolean;
}

export interface Command {
  argv: string[];
  environment?: Record<string, string>;
  /** Ends the command; the container it runs in is removed, because a process cannot be trusted to have ended otherwise. */
  signal?: AbortSignal;
}

export interface CommandExit {
  exitCode: number;
  /** True when the kernel killed a process of the container for its memory limit. */
  outOfMemory: boolean;
  /** Stdout and stderr as they came, bounded: the first and the last part of a long output. */
  log: string;
  durationMs: number;
  /** True when processes of the command are still there, or may be: the container is not fit for another command. */
  leftProcesses: boolean;
}

/** A container that is running and waits for commands. */
export interface RunningContainer {
  readonly id: string;
  readonly name: string;
  /** Of one whose spec asks for it: whether commands are started from within, or by the engine, because the image has no shell for instance. */
  readonly warm?: boolean;
}

export interface ContainerSummary {
  id: string;
  name: string;
  labels: Record<string, string>;
}

/**
 * The container engine of this machine. Every container is closed in, unless the engine says that it encloses nothing: no capabilities, no
 * new privileges, a read-only root, limits on memory, processor, processes, open files and the size of a file, and the network its spec
 * names.
 *
 * Every method throws LongshoreError: `engine-unavailable` (nobody answers), `image-not-found`, `image-pull-failed`, `name-taken`,
 * `invalid-configuration` (the engine refuses what the spec asks for), or `engine-failed` for what may pass by itself. `ensureImage` also
 * throws `access-denied`, `registry-busy`, `registry-unreachable`, `image-unsuitable` and `disk-full`.
 */
export abstract class ContainerEngine {
  /**
   * Whether commands run in containers of their own. Where they do not, they see the folders of this machine, share everything with the
   * worker, and are held by few limits.
   */
  readonly encloses: boolean = true;

  /** The path under which a command finds what is mounted. */
  pathOf(mount: Mount): string {
    return mount.container;
  }

  /** Makes sure the image is on this machine; pulls it only if it is not. */
  abstract ensureImage(image: string, onProgress?: (progress: PullProgress) => void): Promise<ImageFacts>;

  /** Starts a container that does nothing until commands come. */
  abstract start(spec: ContainerSpec): Promise<RunningContainer>;

  /**
   * Runs a command in a running container and waits for its end. An aborted signal removes the container and throws the signal's reason.
   *
   * @throws LongshoreError `command-not-found` when the image has no such program.
   */
  abstract exec(container: RunningContainer, command: Command): Promise<CommandExit>;

  /**
   * Runs one command in a container of its own, which is gone afterwards, whatever happened. An aborted signal throws its reason.
   *
   * @throws LongshoreError `command-not-found` when the image has no such program.
   */
  abstract run(spec: ContainerSpec, command: Command): Promise<CommandExit>;

  /** Kills and removes a container. One that does not exist is no error. */
  abstract remove(container: Pick<RunningContainer, 'id'>): Promise<void>;

  /** All containers, also stopped ones, that carry the label. */
  abstract list(label: string): Promise<ContainerSummary[]>;
}
