/** A part of a listing: the keys behind one and up to another. */
import { compareKeys, type ObjectRef } from '@longshore/core';
import type { ListedObjects } from './listed-objects.js';

/** What a store answers to one request of a listing. */
export interface ListedPage {
  objects: ListedObjects;
  /** Where the listing goes on; undefined at its end. */
  token?: string;
  /** The store asked for patience before it answered. */
  wasSlowed?: boolean;
}

/** A range is meant to have so many pages, the last of them half full: no request brings much that is another range's. */
export const pagesInRange = 4;

export class KeyRange {
  isAsking = false;
  isDone = false;
  failed: { why: unknown } | undefined;
  token: string | undefined;
  /** The first and last key of the latest page. */
  latest: { first: string; last: string } | undefined;
  /** Since it was cut. */
  pagesFound = 0;
  answers = 0;
  /** Listed, and not yet taken, with how many of their objects are its own. */
  private isMeasured = false;
  private readonly waiting: { objects: ListedObjects; own: number }[] = [];

  /**
   * @param after without this key
   * @param until with this key; undefined for the end of the listing
   * @param stride by which it was cut
   */
  constructor(
    readonly after: string | undefined,
    public until: string | undefined,
    public stride: number,
  ) {}

  /** True where nobody knows how long it is, or it has turned out longer than meant. */
  get isLong(): boolean {
    return !this.isMeasured || this.isTooLong;
  }

  get isTooLong(): boolean {
    return this.answers > pagesInRange * 2;
  }

  get isOpen(): boolean {
    return !this.isDone && this.failed === undefined;
  }

  /** Pages that are listed and not yet taken. */
  get ahead(): number {
    return this.waiting.length;
  }

  /** The key behind which nothing of it is known. */
  get reached(): string | undefined {
    return this.latest?.last ?? this.after;
  }

  /** The rest is another's from now on, also what is being asked for. */
  cutAt(until: string, stride: number): void {
    this.until = until;
    this.stride = stride;
    this.isMeasured = true;
    this.pagesFound = 0;
    this.answers = 0;
  }

  /** @returns how many of its objects are its own; what lies behind them is another's */
  add({ objects, token }: ListedPage): number {
    const own = this.until === undefined ? objects.count : countUpTo(objects, this.until);
    this.answers += 1;
    this.pagesFound += own / Math.max(1, objects.count);
    this.token = token;
    this.isDone = token === undefined || own < objects.count;
    if (own > 0) this.latest = { first: objects.key(0), last: objects.key(own - 1) };
    if (own > 0) this.waiting.push({ objects, own });
    else objects.take(0);
    return own;
  }

  takePage(): ObjectRef[] | undefined {
    const page = this.waiting.shift();
    return page?.objects.take(page.own);
  }
}

function countUpTo(objects: ListedObjects, until: string): number {
  let [low, high] = [0, objects.count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(objects.key(middle), until) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** True where each key comes behind the one before it, the first one behind `after`. */
export function isInOrder(objects: readonly ObjectRef[], after: string | undefined): boolean {
  let last = after;
  for (const { key } of objects) {
    if (last !== undefined && compareKeys(key, last) <= 0) return false;
    last = key;
  }
  return true;
}
