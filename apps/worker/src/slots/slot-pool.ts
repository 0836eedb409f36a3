/** The slots of this worker, and which of them are free. */
import { join } from 'node:path';
import type { ContainerEngine, JobPlugin } from '@longshore/core';
import { Slot } from './slot.js';

export interface PoolOptions {
  size: number;
  workerName: string;
  /** Folder below which each slot has its own. */
  home: string;
  labels: Record<string, string>;
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
    const { size, workerName, home, labels } = this.options;
    for (let number = 0; number < size; number += 1) {
      const identity = { number, workerName, labels };
      const slot = await Slot.open(this.engine, this.plugin, identity, join(home, `slot-${number}`));
      this.slots.push(slot);
      this.free.push(slot);
    }
  }

  get freeCount(): number {
    return this.free.length;
  }

  /** A free slot, no longer free; undefined when there is none. */
  take(): Slot | undefined {
    return this.free.pop();
  }

  giveBack(slot: Slot): void {
    this.free.push(slot);
  }

  /** Removes every container. May be repeated. */
  async close(): Promise<void> {
    await Promise.allSettled(this.slots.map((slot) => slot.remove()));
  }
}
