/**
 * The pipeline of one slot: while one task runs, the next is fetched and the last one is staged and reported. What has run stands aside until it can be
 * staged, so that a slow upload does not hold up the next command. At each place is at most one task, and none overtakes another, so that a slot has four
 * workspaces at most, and a fifth that is being removed.
 */
import type { Slot } from '../slots/slot.js';
import type { DiskRoom } from './disk-room.js';

export type Place = 'fetch' | 'run' | 'aside' | 'stage' | 'report';

/**
 * When a slot takes its next task:
 *
 * - `alone`: when everything of the last one is over.
 * - `after`: when the last one does not run any more.
 * - `ahead`: while the last one runs.
 */
export type Overlap = 'alone' | 'after' | 'ahead';

export class Pipeline {
  private readonly tasks = new Map<Place, Passage>();

  constructor(
    readonly slot: Slot,
    readonly room: DiskRoom,
  ) {}

  isOpen(overlap: Overlap): boolean {
    if (overlap === 'alone') return this.isEmpty;
    return overlap === 'after' ? !this.isBusy : !this.tasks.has('fetch');
  }

  get isEmpty(): boolean {
    return this.tasks.size === 0;
  }

  /** Whether a task that is taken now has to wait for another to end. */
  get isBusy(): boolean {
    return this.tasks.has('fetch') || this.tasks.has('run');
  }

  /** Takes the first place, which must be free. */
  enter(): Passage {
    return new Passage(this, this.tasks);
  }
}

/** The way of one task through the pipeline. */
export class Passage {
  /** Of its inputs, from when they may be fetched on. */
  inputBytes = 0;
  /** Whether its inputs lie on the disk. */
  isFetched = false;
  /** Whether nothing of it lies on the disk any more. */
  isCleared = false;
  /** Whether another task ran when it was taken. */
  readonly isAhead: boolean;
  private current: Place | undefined = 'fetch';

  constructor(
    private readonly pipeline: Pipeline,
    private readonly tasks: Map<Place, Passage>,
  ) {
    this.isAhead = pipeline.isBusy;
    tasks.set('fetch', this);
    this.room.stays.add(this);
  }

  get slot(): Slot {
    return this.pipeline.slot;
  }

  get room(): DiskRoom {
    return this.pipeline.room;
  }

  get place(): Place | undefined {
    return this.current;
  }

  /** Whether it waits, or would have to wait, for another task to end. */
  get isBehind(): boolean {
    return this.current === 'fetch' && this.tasks.has('run');
  }

  /** Whether it has run, and its files are here until it is staged. */
  get isLeftOver(): boolean {
    return !this.isCleared && (this.current === 'aside' || this.current === 'stage' || this.current === 'report');
  }

  /** Takes the next place once it is free, and only then leaves its own. One that has left takes none. */
  async moveTo(place: Place, signal?: AbortSignal): Promise<void> {
    await this.room.changed.until(() => {
      if (this.current === undefined) return true;
      if (this.tasks.has(place)) return false;
      this.tasks.delete(this.current);
      this.tasks.set(place, this);
      this.current = place;
      return true;
    }, signal);
    this.room.changed.tell();
  }

  cleared(): void {
    this.isCleared = true;
    this.room.changed.tell();
  }

  leave(): void {
    if (this.current) this.tasks.delete(this.current);
    this.current = undefined;
    this.room.stays.delete(this);
    this.room.changed.tell();
  }
}
