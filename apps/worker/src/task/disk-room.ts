/**
 * What the disk of the workspaces has room for. What lies there beside the running tasks, fetched ahead or not yet staged, must never be why a task fails:
 * it waits for room, or others wait for it to go.
 */
import pLimit from 'p-limit';
import { Change } from './change.js';
import { freeBytes } from './free-space.js';
import type { Passage } from './pipeline.js';

export interface RoomLimits {
  folder: string;
  /** Room that nothing may fill. */
  keepFreeBytes: number;
  /** Most that lies here fetched ahead, over all slots. */
  aheadBytes: number;
  slots: number;
  /** Most that one command may write. */
  outputBytes: number;
}

export class DiskRoom {
  /** Told of whenever a task moves on or leaves. */
  readonly changed = new Change();
  /** Every task that is somewhere in a pipeline of this worker. */
  readonly stays = new Set<Passage>();
  /** Tasks whose turn it is, and that wait for room: nothing more is fetched ahead meanwhile. */
  private readonly urgent = new Set<Passage>();
  /** Room is promised to one at a time. */
  private readonly oneByOne = pLimit(1);

  constructor(
    private readonly limits: RoomLimits,
    private readonly free: (folder: string) => Promise<number> = freeBytes,
  ) {}

  /** Until the inputs of a task may be fetched; one whose turn it is waits only for what is here because of the overlapping. */
  async forInputs(stay: Passage, bytes: number, signal: AbortSignal): Promise<void> {
    const fits = async () => {
      const may = stay.isBehind ? await this.fitsAhead(bytes) : await this.fitsNow(stay, bytes);
      if (may) stay.inputBytes = bytes;
      return may;
    };
    await this.wait(stay, fits, signal);
  }

  /** Until a command may begin to write. */
  async forOutputs(stay: Passage, signal: AbortSignal): Promise<void> {
    const fits = async () => {
      if (!this.some((other) => other !== stay && other.isLeftOver)) return true;
      const running = this.count((other) => other.place === 'run');
      return (await this.left()) >= running * this.limits.outputBytes;
    };
    await this.wait(stay, fits, signal);
  }

  private async wait(stay: Passage, fits: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    const look = () =>
      this.oneByOne(async () => {
        const may = await fits();
        if (may || stay.isBehind) this.urgent.delete(stay);
        else this.urgent.add(stay);
        return may;
      });
    try {
      await this.changed.until(look, signal);
    } finally {
      if (this.urgent.delete(stay)) this.changed.tell();
    }
  }

  private async fitsAhead(bytes: number): Promise<boolean> {
    const { aheadBytes, slots, outputBytes } = this.limits;
    if (this.urgent.size > 0) return false;
    const ahead = this.sum((stay) => (stay.isAhead && stay.place === 'fetch' ? stay.inputBytes : 0));
    if (ahead + bytes > aheadBytes) return false;
    // The slots that do not run now may do so the next moment.
    return (await this.left()) - slots * outputBytes >= bytes;
  }

  /** True also for what will never fit: that is said by who looks next. */
  private async fitsNow(stay: Passage, bytes: number): Promise<boolean> {
    if ((await this.left()) >= bytes) return true;
    return !this.some((other) => other !== stay && (other.isLeftOver || (other.isBehind && other.inputBytes > 0)));
  }

  /** Without what is promised to fetches that are under way. */
  private async left(): Promise<number> {
    const { folder, keepFreeBytes } = this.limits;
    const promised = this.sum(({ inputBytes, isFetched }) => (isFetched ? 0 : inputBytes));
    return (await this.free(folder)) - keepFreeBytes - promised;
  }

  private sum(bytes: (stay: Passage) => number): number {
    return [...this.stays].reduce((sum, stay) => sum + bytes(stay), 0);
  }

  private count(is: (stay: Passage) => boolean): number {
    return [...this.stays].filter(is).length;
  }

  private some(is: (stay: Passage) => boolean): boolean {
    return this.count(is) > 0;
  }
}
