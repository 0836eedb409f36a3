/** One slot: the folders and the container in which one task at a time runs. */
import {
  LongshoreError,
  type Command,
  type CommandExit,
  type ContainerEngine,
  type ContainerSpec,
  type JobPlugin,
  type RunningContainer,
} from '@longshore/core';
import { containerUser } from '../task/container-user.js';
import { slotLabel } from './container-labels.js';
import { Workspace, type SlotFolders } from '../task/workspace.js';

export interface SlotIdentity {
  number: number;
  workerName: string;
  /** Labels by which a later worker recognises what this one left. */
  labels: Record<string, string>;
}

export class Slot {
  private container: RunningContainer | undefined;

  private constructor(
    private readonly engine: ContainerEngine,
    private readonly plugin: JobPlugin,
    private readonly identity: SlotIdentity,
    private readonly folders: SlotFolders,
  ) {}

  /** Prepares the folders and, for a long-lived container, starts it, so that what is wrong with the image shows before the first task. */
  static async open(engine: ContainerEngine, plugin: JobPlugin, identity: SlotIdentity, home: string): Promise<Slot> {
    const slot = new Slot(engine, plugin, identity, await Workspace.prepare(home));
    if (plugin.container.lifecycle === 'long-lived') await slot.runningContainer();
    return slot;
  }

  get number(): number {
    return this.identity.number;
  }

  openWorkspace(): Promise<Workspace> {
    return Workspace.open(this.folders);
  }

  /** Runs a command in the way the plugin's life cycle asks. After an abort the container is gone; the next command gets a new one. */
  async run(command: Command): Promise<CommandExit> {
    if (this.plugin.container.lifecycle === 'per-task') {
      return this.named((name) => this.engine.run(this.spec(name), command));
    }
    const container = await this.runningContainer();
    try {
      return await this.engine.exec(container, command);
    } catch (thrown) {
      await this.remove();
      throw thrown;
    }
  }

  async remove(): Promise<void> {
    const { container } = this;
    this.container = undefined;
    if (container) await this.engine.remove(container);
  }

  private async runningContainer(): Promise<RunningContainer> {
    this.container ??= await this.named((name) => this.engine.start(this.spec(name)));
    return this.container;
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
    const { image, mounts, resources, network } = this.plugin.container;
    const { uid, gid } = containerUser();
    return {
      image,
      name,
      resources,
      network,
      labels: { ...this.identity.labels, [slotLabel]: String(this.number) },
      user: `${uid}:${gid}`,
      mounts: [
        { host: this.folders.inputs, container: mounts.inputs, readOnly: true },
        { host: this.folders.outputs, container: mounts.outputs, readOnly: false },
      ],
    };
  }
}
