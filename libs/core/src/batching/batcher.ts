/** Cuts a stream of objects into batches as it passes; holds one open batch, never the listing. */
import type { ObjectRef } from '../words/object-ref.js';
import { taskBytes, type Uncut } from '../words/task.js';
import { isAdaptive, mostObjectsOfPiece, type BatchingRule } from './batching-rule.js';

export interface Batch {
  /** Ordinal of the first of its objects in the listing, from 0. */
  position: number;
  objects: ObjectRef[];
  /** Set where tasks are cut from it later. */
  uncut?: Uncut;
}

/** One object of a listing by its key and its ordinal, from 0. */
export interface ListingPoint {
  key: string;
  position: number;
}

export interface Batcher {
  /** Takes the next object of the listing and gives back the batches that are full. */
  add(object: ObjectRef, position: number): Batch[];
  /** Gives back what is left when the listing is over. */
  flush(): Batch[];
  /** Where a listing may be taken up again: every object added up to here is in a batch already given back. */
  readonly settled: ListingPoint | undefined;
  /** True while objects are in a batch that was not given back. */
  readonly holds: boolean;
}

export interface BatcherOptions {
  rule: BatchingRule;
  /** Objects with the same group stay in one batch. */
  groupOf?: (object: ObjectRef) => string;
  /** True when two objects cannot lie in one workspace; they never share a batch, unless they are of one group. */
  conflicts?: (objects: readonly ObjectRef[], next: ObjectRef) => boolean;
}

export function createBatcher(options: BatcherOptions): Batcher {
  const { rule, groupOf, conflicts = () => false } = options;
  const limits: Limits = isAdaptive(rule) ? new PieceLimits() : { ...rule, closed: (batch) => batch };
  return groupOf ? new GroupBatcher(limits, groupOf, conflicts) : new CountBatcher(limits, conflicts);
}

/** How large a batch may be, and what it is. */
interface Limits {
  readonly maxObjects: number;
  readonly maxBytes?: number | undefined;
  closed(batch: Batch, groups?: number[]): Batch;
}

const fewestOfPiece = 8;
const shareOfPiece = 8;

/**
 * Batches that are cut into tasks later. They grow with the listing, each by an eighth of what is behind it: the first workers have something at
 * once, a small job has some for each of them, and a million objects make about two hundred rows.
 */
class PieceLimits implements Limits {
  private behind = 0;

  get maxObjects(): number {
    return Math.min(mostObjectsOfPiece, Math.max(fewestOfPiece, Math.ceil(this.behind / shareOfPiece)));
  }

  closed(batch: Batch, groups?: number[]): Batch {
    this.behind += batch.objects.length;
    return { ...batch, uncut: groups ? { groups } : {} };
  }
}

class CountBatcher implements Batcher {
  settled: ListingPoint | undefined;
  private open: Batch | undefined;
  private last: ListingPoint | undefined;
  private openBytes = 0;

  get holds(): boolean {
    return this.open !== undefined;
  }

  constructor(
    private readonly limits: Limits,
    private readonly conflicts: (objects: readonly ObjectRef[], next: ObjectRef) => boolean,
  ) {}

  add(object: ObjectRef, position: number): Batch[] {
    const closed: Batch[] = [];
    if (this.open && (this.overflows(object) || this.conflicts(this.open.objects, object)))
      closed.push(...this.flush());
    this.open ??= { position, objects: [] };
    this.open.objects.push(object);
    this.openBytes += object.sizeBytes;
    this.last = { key: object.key, position };
    if (this.open.objects.length >= this.limits.maxObjects) closed.push(...this.flush());
    return closed;
  }

  flush(): Batch[] {
    if (!this.open) return [];
    const closed = this.limits.closed(this.open);
    this.settled = this.last;
    this.open = undefined;
    this.openBytes = 0;
    return [closed];
  }

  private overflows(object: ObjectRef): boolean {
    const { maxBytes = Infinity } = this.limits;
    return this.openBytes + object.sizeBytes > maxBytes;
  }
}

/**
 * A group may go on anywhere in the listing, so nothing is given back before its end; whole groups then share a batch
 * while they fit. Holds every object of the listing, and a listing that is interrupted starts again.
 */
class GroupBatcher implements Batcher {
  settled: ListingPoint | undefined;
  private readonly groups = new Map<string, Batch>();
  private last: ListingPoint | undefined;

  get holds(): boolean {
    return this.groups.size > 0;
  }

  constructor(
    private readonly limits: Limits,
    private readonly groupOf: (object: ObjectRef) => string,
    private readonly conflicts: (objects: readonly ObjectRef[], next: ObjectRef) => boolean,
  ) {}

  add(object: ObjectRef, position: number): Batch[] {
    const name = this.groupOf(object);
    const group = this.groups.get(name);
    if (group) group.objects.push(object);
    else this.groups.set(name, { position, objects: [object] });
    this.last = { key: object.key, position };
    return [];
  }

  flush(): Batch[] {
    const packed: Batch[] = [];
    let open: { batch: Batch; groups: number[] } | undefined;
    const close = () => {
      if (open) packed.push(this.limits.closed(open.batch, open.groups));
    };
    for (const group of this.groups.values()) {
      if (open && this.fits(open.batch, group)) {
        open.batch.objects.push(...group.objects);
        open.groups.push(group.objects.length);
      } else {
        close();
        open = { batch: group, groups: [group.objects.length] };
      }
    }
    close();
    this.groups.clear();
    this.settled = this.last;
    return packed;
  }

  private fits(batch: Batch, group: Batch): boolean {
    const { maxObjects, maxBytes = Infinity } = this.limits;
    return (
      batch.objects.length + group.objects.length <= maxObjects &&
      taskBytes(batch) + taskBytes(group) <= maxBytes &&
      !group.objects.some((object) => this.conflicts(batch.objects, object))
    );
  }
}
