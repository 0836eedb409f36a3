/** A part of a listing: the keys behind one and up to another. */
import type { ObjectRef } from '@longshore/core';
import { compareKeys } from '../../folder/key-order.js';

/** What a store answers to one request of a listing. */
export interface ListedPage {
  objects: ObjectRef[];
  /** Where the listing goes on; undefined at its end. */
  token?: string;
  /** The store asked for patience before it answered. */
  wasSlowed?: boolean;
}

export class KeyRange {
  /** Listed, and not yet taken. */
  readonly pages: ObjectRef[][] = [];
  isAsking = false;
  isDone = false;
  failed: { why: unknown } | undefined;
  token: string | undefined;
  /** The first and last key of the latest page. */
  latest: { first: string; last: string } | undefined;
  /** Since it was cut. */
  objects = 0;
  answers = 0;

  /**
   * @param after without this key
   * @param until with this key; undefined for the end of the listing
   * @param stride how many times the room of a page it was meant to have
   */
  constructor(
    readonly after: string | undefined,
    public until: string | undefined,
    public stride: number,
  ) {}

  get isOpen(): boolean {
    return !this.isDone && this.failed === undefined;
  }

  /** The key behind which nothing of it is known. */
  get reached(): string | undefined {
    return this.latest?.last ?? this.after;
  }

  /** The rest is another's from now on, also what is being asked for. */
  cutAt(until: string, stride: number): void {
    this.until = until;
    this.stride = stride;
    this.objects = 0;
    this.answers = 0;
  }

  /** @returns how many of the objects lie in it; what lies behind it is another's */
  take({ objects, token }: ListedPage): number {
    const own = this.until === undefined ? objects : objects.slice(0, countUpTo(objects, this.until));
    this.answers += 1;
    this.objects += own.length;
    this.token = token;
    this.isDone = token === undefined || own.length < objects.length;
    const [first, last] = [own[0], own.at(-1)];
    if (first && last) {
      this.latest = { first: first.key, last: last.key };
      this.pages.push(own);
    }
    return own.length;
  }
}

function countUpTo(objects: readonly ObjectRef[], until: string): number {
  let [low, high] = [0, objects.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(objects[middle]?.key ?? '', until) <= 0) low = middle + 1;
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
