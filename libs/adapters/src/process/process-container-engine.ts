/**
 * Runs commands as processes beside the worker, in the container that the worker itself is in. What the port calls a container is here a
 * name, the mark that its processes carry in their environment, and a folder for what they put aside.
 */
import { existsSync } from 'node:fs';
import {
  ContainerEngine,
  limitsOf,
  LongshoreError,
  type Command,
  type CommandExit,
  type ContainerSpec,
  type ContainerSummary,
  type ImageFacts,
  type Mount,
  type RunningContainer,
} from '@longshore/core';
import { untilAborted } from '../commands/until-aborted.js';
import { attendCommand } from './attend-command.js';
import { ContainerRecords, type ContainerRecord } from './container-records.js';
import { filesDigest, givenDigest } from './image-facts.js';
import { Launcher } from './launch.js';
import { LivingProcesses } from './living-processes.js';
import { OomCounter } from './oom-counter.js';

export interface ProcessEngineOptions {
  /** Where it notes what runs, for whoever comes after a worker that was killed. */
  folder: string;
  /** Digest of the image that this process is in, where somebody knows it; else the files of the image are hashed. */
  digest?: string;
  /** Variables of this process's environment that commands see, besides those every command needs. */
  passOn?: readonly string[];
  /** Folders that are no part of the image, though they lie in it. */
  without?: readonly string[];
  /** Root of what is hashed in the place of a digest. */
  root?: string;
}

export class ProcessContainerEngine extends ContainerEngine {
  override readonly encloses = false;
  private readonly records: ContainerRecords;
  private readonly launcher: Launcher;
  private readonly processes = new LivingProcesses();
  private readonly oom = new OomCounter();
  private facts: Promise<ImageFacts> | undefined;

  /** @throws LongshoreError `invalid-configuration` where the system has no `/proc`, or the digest is none */
  constructor(private readonly options: ProcessEngineOptions) {
    super();
    if (!existsSync('/proc/self/environ')) {
      throw new LongshoreError('invalid-configuration', 'The process engine needs the /proc of Linux.', {
        remedy: 'Run the worker on Linux, or use the Docker engine.',
      });
    }
    if (options.digest !== undefined) this.facts = Promise.resolve(givenDigest(options.digest));
    this.records = new ContainerRecords(options.folder);
    this.launcher = new Launcher(options.passOn ?? []);
  }

  override pathOf(mount: Mount): string {
    return mount.host;
  }

  /** There is one image here, the one that this process is in; whatever a plugin calls it. */
  ensureImage(): Promise<ImageFacts> {
    this.facts ??= filesDigest(this.options.root ?? '/', [this.options.folder, ...(this.options.without ?? [])]);
    return this.facts;
  }

  async start(spec: ContainerSpec): Promise<RunningContainer> {
    limitsOf(spec.resources);
    return this.records.create(spec);
  }

  async exec(container: RunningContainer, command: Command): Promise<CommandExit> {
    refuseEmpty(command);
    return untilAborted(
      command.signal,
      () => this.attend(container, command),
      () => this.remove(container),
    );
  }

  async run(spec: ContainerSpec, command: Command): Promise<CommandExit> {
    refuseEmpty(command);
    command.signal?.throwIfAborted();
    const container = await this.start(spec);
    try {
      return { ...(await this.exec(container, command)), leftProcesses: false };
    } finally {
      await this.remove(container);
    }
  }

  async remove({ id }: Pick<RunningContainer, 'id'>): Promise<void> {
    // First, so that whoever attends a command here can tell that it did not end by itself.
    await this.records.beginRemoval(id);
    await this.processes.killAll(id);
    await this.records.endRemoval(id);
  }

  async list(label: string): Promise<ContainerSummary[]> {
    const [key = '', value] = label.split(/=(.*)/s);
    return (await this.records.all())
      .filter(({ labels }) => Object.hasOwn(labels, key) && (value === undefined || labels[key] === value))
      .map(({ id, name, labels }) => ({ id, name, labels }));
  }

  private async attend({ id, name }: RunningContainer, command: Command): Promise<CommandExit> {
    const record = await this.recordOf(id, name);
    const launch = await this.launcher.prepare(record, command);
    const before = await this.oom.read();
    const exit = await attendCommand(launch, async (pid) => {
      this.processes.remember(id, pid);
      // It was removed between the look at its record and the start, by somebody who could not know of this process yet.
      if (!(await this.records.has(id))) await this.processes.killAll(id);
    });
    const leftProcesses = await this.processes.areLeft(id);
    await this.recordOf(id, name);
    return { ...exit, outOfMemory: (await this.oom.read()) > before, leftProcesses };
  }

  private async recordOf(id: string, name: string): Promise<ContainerRecord> {
    const record = await this.records.find(id);
    if (record) return record;
    throw new LongshoreError('engine-failed', `The container ${name} is not there, or was removed under its command.`);
  }
}

function refuseEmpty({ argv: [program] }: Command): void {
  if (program) return;
  throw new LongshoreError('command-not-found', 'The command is empty: there is no program to run.');
}
