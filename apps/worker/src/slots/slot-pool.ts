/** The slots of this worker, and which of them are free. */
import { join } from 'node:path';
import { LongshoreError, type Command, type CommandExit, type ContainerEngine, type JobPlugin } from '@longshore/core';
import { Slot } from './slot.js';

export interface PoolOptions {
  size: number;
  workerName: string;
  /** Folder below which each slot has its own. */
  home: string;
  labels: Record<string, string>;
  keepFreeBytes: number;
}

export class SlotPool {
  private readonly slots: Slot[] = [];
  private readonly free: Slot[] = [];

  constructor(
    private readonly engine: ContainerEngine,
    private readonly plugin: JobPlugin,
    private readonly options: PoolOptions,
  ) {}

  /** Prepares every slot; what is already open when one fails is removed by `close`. */
  async open(): Promise<void> {
    const { size, home, ...identity } = this.options;
    for (let number = 0; number < size; number += 1) {
      const slot = await Slot.open(this.engine, this.plugin, { ...identity, number }, join(home, `slot-${number}`));
      this.slots.push(slot);
      this.free.push(slot);
    }
  }

  get count(): number {
    return this.slots.length;
  }

  get freeCount(): number {
    return this.free.length;
  }

  /** A free slot, no longer free; undefined when there is none. */
  take(): Slot | undefined {
    return this.free.pop();
  }

  /** Runs a command in one of the slots before any task does. */
  async tryOut(command: Command): Promise<CommandExit> {
    const [slot] = this.slots;
    if (!slot) throw new LongshoreError('internal-error', 'No slot is open.');
    return slot.run(command);
  }

  giveBack(slot: Slot): void {
    this.free.push(slot);
  }

  /** Removes every container. May be repeated. */
  async close(): Promise<void> {
    await Promise.allSettled(this.slots.map((slot) => slot.remove()));
  }
}
