/** One slot: the folders and the container in which one task at a time runs. */
import { Logger } from '@nestjs/common';
import {
  containerSpec,
  limitsOf,
  LongshoreError,
  type Command,
  type CommandExit,
  type ContainerEngine,
  type ContainerSpec,
  type JobPlugin,
  type RunningContainer,
} from '@longshore/core';
import { attemptLog } from '../task/attempt-log.js';
import { containerUser } from '../task/container-user.js';
import { usuallyKeptFree } from '../task/free-space.js';
import { OutputGuard } from '../task/output-guard.js';
import { Workspace, type SlotFolders } from '../task/workspace.js';
import { slotLabel } from './container-labels.js';
import { whileAway } from './engine-patience.js';

export interface SlotIdentity {
  number: number;
  workerName: string;
  /** Labels by which a later worker recognises what this one left. */
  labels: Record<string, string>;
  /** Room on the disk of the workspaces that no task may use. */
  keepFreeBytes?: number;
}

const whyCold =
  'its image lacks a shell, cp or chmod, or outputBytes is less than the size of that shell. Each command is started by the engine.';

export class Slot {
  private readonly log = new Logger('Worker');
  private container: RunningContainer | undefined;
  /** The engine failed us, and nobody knows which containers it still has of this slot. */
  private unsure = false;

  private constructor(
    private readonly engine: ContainerEngine,
    private readonly plugin: JobPlugin,
    private readonly identity: SlotIdentity,
    private readonly folders: SlotFolders,
  ) {}

  /** Prepares the folders and starts a container that is to stay, so that what is wrong with the image shows before the first task. */
  static async open(engine: ContainerEngine, plugin: JobPlugin, identity: SlotIdentity, home: string): Promise<Slot> {
    const slot = new Slot(engine, plugin, identity, await Workspace.prepare(home));
    if (plugin.container.lifecycle !== 'per-task') await slot.runningContainer();
    return slot;
  }

  get number(): number {
    return this.identity.number;
  }

  /** The folders as a command finds them. */
  get paths(): SlotFolders {
    const { inputs, outputs } = this.plugin.container.mounts;
    return {
      inputs: this.engine.pathOf({ host: this.folders.inputs, container: inputs, readOnly: true }),
      outputs: this.engine.pathOf({ host: this.folders.outputs, container: outputs, readOnly: false }),
    };
  }

  openWorkspace(): Promise<Workspace> {
    return Workspace.open(this.folders, this.keepFreeBytes);
  }

  /**
   * Runs a command in the way the plugin's life cycle asks. After an abort the container is gone; the next command gets a new one. When it
   * has ended, none of its processes is left, and the outputs folder holds no more than it may.
   *
   * @throws LongshoreError `output-too-large`, `too-many-outputs` or `disk-full`, or what the engine throws
   */
  async run(command: Command): Promise<CommandExit> {
    const { outputBytes, outputFiles } = limitsOf(this.plugin.container.resources);
    const { folders, keepFreeBytes } = this;
    await whileAway(() => this.ready(), command.signal);
    using guard = new OutputGuard({ folder: folders.outputs, outputBytes, outputFiles, keepFreeBytes });
    const signal = command.signal ? AbortSignal.any([command.signal, guard.signal]) : guard.signal;
    try {
      const exit = await this.attend({ ...command, signal });
      if (exit.leftProcesses) await this.removeContainer();
      await guard.settle(attemptLog(exit.log));
      return exit;
    } catch (thrown) {
      this.unsure ||= isEngineTrouble(thrown);
      await this.remove();
      // Whatever an engine says that is away while a container has to go, the reason to end it stays the reason.
      throw signal.aborted ? signal.reason : mayPass(thrown);
    }
  }

  /** What the engine cannot remove now is removed before the next container starts. */
  async remove(): Promise<void> {
    await this.removeContainer().catch(() => undefined);
  }

  private attend(command: Command): Promise<CommandExit> {
    if (this.container) return this.engine.exec(this.container, command);
    return this.named((name) => this.engine.run(this.spec(name), command));
  }

  private async removeContainer(): Promise<void> {
    const { container } = this;
    this.container = undefined;
    if (!container) return;
    this.unsure = true;
    await this.engine.remove(container);
    this.unsure = false;
  }

  /** Everything a command needs but the command itself. */
  private async ready(): Promise<void> {
    if (this.unsure) await this.removeLeft();
    if (this.plugin.container.lifecycle !== 'per-task') await this.runningContainer();
  }

  private async removeLeft(): Promise<void> {
    const { labels } = this;
    for (const left of await this.engine.list(`${slotLabel}=${this.number}`)) {
      if (Object.entries(labels).every(([key, value]) => left.labels[key] === value)) await this.engine.remove(left);
    }
    this.unsure = false;
  }

  private async runningContainer(): Promise<void> {
    if (this.container) return;
    this.container = await this.named((name) => this.engine.start(this.spec(name)));
    if (this.container.warm === false) this.log.warn(`${this.container.name} cannot be kept warm: ${whyCold}`);
  }

  /** The plugin's own name for the container where it is free, as operators expect it; on a shared machine a longer one. */
  private async named<T>(use: (name: string) => Promise<T>): Promise<T> {
    const { name } = this.plugin.container;
    try {
      return await use(name);
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError) || thrown.code !== 'name-taken') throw thrown;
      return use(`${name}-${this.identity.workerName}-${this.identity.number}`);
    }
  }

  private spec(name: string): ContainerSpec {
    const { uid, gid } = containerUser();
    const { labels, folders } = this;
    return containerSpec(this.plugin.container, { name, labels, folders, user: `${uid}:${gid}` });
  }

  private get keepFreeBytes(): number {
    return this.identity.keepFreeBytes ?? usuallyKeptFree;
  }

  private get labels(): Record<string, string> {
    return { ...this.identity.labels, [slotLabel]: String(this.number) };
  }
}

/** An engine that was there a moment ago may be back for the next task, which waits for it. */
function mayPass(thrown: unknown): unknown {
  if (!(thrown instanceof LongshoreError) || thrown.code !== 'engine-unavailable') return thrown;
  return new LongshoreError('engine-failed', thrown.message, { cause: thrown });
}

function isEngineTrouble(thrown: unknown): boolean {
  return thrown instanceof LongshoreError && ['engine-failed', 'engine-unavailable'].includes(thrown.code);
}
