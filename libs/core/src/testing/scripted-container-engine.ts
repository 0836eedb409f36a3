/** A container engine in memory, whose programs are functions. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { LongshoreError } from '../errors/longshore-error.js';
import { limitsOf } from '../plugin/resource-limits.js';
import {
  ContainerEngine,
  type Command,
  type CommandExit,
  type ContainerSpec,
  type ContainerSummary,
  type ImageFacts,
  type Mount,
  type RunningContainer,
} from '../ports/container-engine.js';

const LOG_PART = 64 * 1024;

/** What a program is started with, and its view of the mounted folders. */
export interface ScriptedCall {
  argv: readonly string[];
  environment: Readonly<Record<string, string>>;
  /** With real folders of this machine behind them. */
  mounts: readonly Mount[];
  /** Aborted when the container is removed, by whom ever. A program that waits for anything has to heed it. */
  signal: AbortSignal;
  /** Reads a file by its path in the container. */
  read(path: string): Promise<string>;
  /** Writes a file, and the folders above it, by its path in the container; throws below a read-only mount and outside of all. */
  write(path: string, content: string | Uint8Array): Promise<void>;
}

export interface ScriptedExit {
  exitCode: number;
  log?: string;
  outOfMemory?: boolean;
  /** Whether it leaves processes behind in a long-lived container. */
  leftProcesses?: boolean;
}

/** A program; one that throws ends with 1 and the error's message as its log. */
export type ScriptedProgram = (call: ScriptedCall) => ScriptedExit | Promise<ScriptedExit>;

export interface ScriptedEngineOptions {
  /** The images that are on this machine; nothing is ever pulled. */
  images: readonly string[];
  /** Each is known by the first word of its argv, in every image. */
  programs: Readonly<Record<string, ScriptedProgram>>;
}

interface ScriptedContainer {
  id: string;
  spec: ContainerSpec;
  removal: AbortController;
}

/** Keeps the promises of its port, for tests of what is built on containers. The folders behind the mounts are real. */
export class ScriptedContainerEngine extends ContainerEngine {
  private readonly containers = new Map<string, ScriptedContainer>();

  constructor(private readonly script: ScriptedEngineOptions) {
    super();
  }

  async ensureImage(image: string): Promise<ImageFacts> {
    this.assertImage(image);
    return { digest: `sha256:${createHash('sha256').update(image).digest('hex')}`, sizeBytes: 1_000_000 };
  }

  async start(spec: ContainerSpec): Promise<RunningContainer> {
    const { id } = this.create(spec);
    return { id, name: spec.name };
  }

  async exec({ id, name }: RunningContainer, command: Command): Promise<CommandExit> {
    if (command.signal?.aborted) await this.remove({ id });
    command.signal?.throwIfAborted();
    const container = this.containers.get(id);
    if (container === undefined) throw new LongshoreError('engine-failed', `There is no container ${name}.`);
    return this.perform(container, command);
  }

  async run(spec: ContainerSpec, command: Command): Promise<CommandExit> {
    command.signal?.throwIfAborted();
    const container = this.create(spec);
    try {
      return await this.perform(container, command);
    } finally {
      await this.remove(container);
    }
  }

  async remove({ id }: Pick<RunningContainer, 'id'>): Promise<void> {
    const container = this.containers.get(id);
    this.containers.delete(id);
    container?.removal.abort(new LongshoreError('engine-failed', `The container ${container.spec.name} was removed.`));
  }

  async list(label: string): Promise<ContainerSummary[]> {
    const [key = '', value] = label.split(/=(.*)/s);
    return [...this.containers.values()]
      .filter(({ spec: { labels } }) => Object.hasOwn(labels, key) && (value === undefined || labels[key] === value))
      .map(({ id, spec: { name, labels } }) => ({ id, name, labels: { ...labels } }));
  }

  private create(spec: ContainerSpec): ScriptedContainer {
    this.assertImage(spec.image);
    limitsOf(spec.resources);
    if ([...this.containers.values()].some(({ spec: { name } }) => name === spec.name)) {
      throw new LongshoreError('name-taken', `A container named ${spec.name} exists already.`);
    }
    const container = { id: randomUUID(), spec: structuredClone(spec), removal: new AbortController() };
    this.containers.set(container.id, container);
    return container;
  }

  private assertImage(image: string): void {
    if (this.script.images.includes(image)) return;
    throw new LongshoreError('image-not-found', `There is no image ${image}.`);
  }

  private async perform(container: ScriptedContainer, { argv, environment, signal }: Command): Promise<CommandExit> {
    const [word = ''] = argv;
    if (!Object.hasOwn(this.script.programs, word)) {
      throw new LongshoreError('command-not-found', `The image ${container.spec.image} has no program "${word}".`);
    }
    const removed = container.removal.signal;
    const removal = Promise.withResolvers<never>();
    const onRemoval = (): void => removal.reject(signal?.aborted ? signal.reason : removed.reason);
    const onAbort = (): void => void this.remove(container);
    removed.addEventListener('abort', onRemoval);
    signal?.addEventListener('abort', onAbort);
    const startedAt = performance.now();
    try {
      const call = callOf(container.spec, { argv, environment: environment ?? {} }, removed);
      const exit = await Promise.race([ended(this.script.programs[word], call), removal.promise]);
      const durationMs = Math.round(performance.now() - startedAt);
      return {
        exitCode: exit.exitCode,
        outOfMemory: exit.outOfMemory ?? false,
        log: bounded(exit.log ?? ''),
        durationMs,
        leftProcesses: exit.leftProcesses ?? false,
      };
    } finally {
      removed.removeEventListener('abort', onRemoval);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

function callOf(
  { mounts }: ContainerSpec,
  { argv, environment }: Required<Pick<Command, 'argv' | 'environment'>>,
  signal: AbortSignal,
): ScriptedCall {
  return {
    argv: [...argv],
    environment: { ...environment },
    mounts,
    signal,
    read: (path) => readFile(hostPath(mounts, path).path, 'utf8'),
    // A killed process writes no more; a function that goes on must not either, nor may a write be under way when it is killed.
    write: async (path, content) => {
      signal.throwIfAborted();
      const { path: host, readOnly } = hostPath(mounts, path);
      if (readOnly) throw new Error(`${path}: Read-only file system`);
      mkdirSync(dirname(host), { recursive: true });
      writeFileSync(host, content);
    },
  };
}

function hostPath(mounts: readonly Mount[], path: string): { path: string; readOnly: boolean } {
  const wanted = posix.normalize(path);
  const [mount] = mounts
    .filter(({ container }) => wanted === container || wanted.startsWith(`${container}/`))
    .sort((a, b) => b.container.length - a.container.length);
  if (mount === undefined) throw new Error(`${path}: No such file or directory`);
  return { path: join(mount.host, wanted.slice(mount.container.length)), readOnly: mount.readOnly };
}

async function ended(program: ScriptedProgram | undefined, call: ScriptedCall): Promise<ScriptedExit> {
  try {
    return (await program?.(call)) ?? { exitCode: 0 };
  } catch (thrown) {
    return { exitCode: 1, log: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

function bounded(log: string): string {
  const omitted = log.length - 2 * LOG_PART;
  if (omitted <= 0) return log;
  return `${log.slice(0, LOG_PART)}\n[... ${omitted} bytes left out ...]\n${log.slice(-LOG_PART)}`;
}
