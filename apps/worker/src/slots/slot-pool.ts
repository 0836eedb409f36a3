/** The slots of this worker, and which of them take another task. */
import { join } from 'node:path';
import {
  limitsOf,
  LongshoreError,
  type Command,
  type CommandExit,
  type ContainerEngine,
  type JobPlugin,
} from '@longshore/core';
import { DiskRoom } from '../task/disk-room.js';
import { Pipeline, type Overlap, type Passage } from '../task/pipeline.js';
import { Slot } from './slot.js';

export interface PoolOptions {
  size: number;
  workerName: string;
  /** Folder below which each slot has its own. */
  home: string;
  labels: Record<string, string>;
  keepFreeBytes: number;
  /** Most that is fetched ahead, over all slots; with 0, everything of a task comes after everything of the one before. */
  aheadBytes: number;
}

export class SlotPool {
  private readonly pipelines: Pipeline[] = [];
  private readonly room: DiskRoom;

  constructor(
    private readonly engine: ContainerEngine,
    private readonly plugin: JobPlugin,
    private readonly options: PoolOptions,
  ) {
    const { home: folder, size: slots, keepFreeBytes, aheadBytes } = options;
    const { outputBytes } = limitsOf(plugin.container.resources);
    this.room = new DiskRoom({ folder, slots, keepFreeBytes, aheadBytes, outputBytes });
  }

  /** Prepares every slot; what is already open when one fails is removed by `close`. */
  async open(): Promise<void> {
    const { size, home, ...identity } = this.options;
    for (let number = 0; number < size; number += 1) {
      const slot = await Slot.open(this.engine, this.plugin, { ...identity, number }, join(home, `slot-${number}`));
      this.pipelines.push(new Pipeline(slot, this.room));
    }
  }

  get count(): number {
    return this.pipelines.length;
  }

  /** Slots that work on something. */
  get busyCount(): number {
    return this.pipelines.filter(({ isEmpty }) => !isEmpty).length;
  }

  /** How many tasks it takes now. */
  openings(overlap: Overlap): number {
    return this.pipelines.filter((pipeline) => pipeline.isOpen(this.within(overlap))).length;
  }

  /** Until it takes at least one. */
  async opening(overlap: Overlap, signal: AbortSignal): Promise<void> {
    await this.room.changed.until(() => this.openings(overlap) > 0, signal);
  }

  /** The way of one more task, through a slot where nothing runs if there is one; undefined when there is no opening. */
  enter(overlap: Overlap): Passage | undefined {
    const open = this.pipelines.filter((pipeline) => pipeline.isOpen(this.within(overlap)));
    return (open.find(({ isBusy }) => !isBusy) ?? open[0])?.enter();
  }

  /** Runs a command in one of the slots before any task does. */
  async tryOut(command: Command): Promise<CommandExit> {
    const [first] = this.pipelines;
    if (!first) throw new LongshoreError('internal-error', 'No slot is open.');
    return first.slot.run(command);
  }

  /** Removes every container. May be repeated. */
  async close(): Promise<void> {
    await Promise.allSettled(this.pipelines.map(({ slot }) => slot.remove()));
  }

  private within(overlap: Overlap): Overlap {
    return this.options.aheadBytes > 0 ? overlap : 'alone';
  }
}
