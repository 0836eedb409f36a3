/**
 * A listing whose pages are asked for ahead of whoever takes them: one after the other while that is quick enough, and several ranges of keys at the same time
 * where it is the store that is waited for. Given back is always the same: every object once, in the order of keys.
 */
import { compareKeys, type ObjectRef } from '@longshore/core';
import { isInOrder, KeyRange, pagesInRange, type ListedPage } from './key-range.js';
import { KeySpace } from './key-space.js';

export interface PageRequest {
  /** Behind this key, unless there is a token. */
  after?: string;
  token?: string;
  signal: AbortSignal;
}

export interface RangedOptions {
  prefix: string;
  after?: string;
  signal?: AbortSignal;
  ask: (request: PageRequest) => Promise<ListedPage>;
  /** Most requests at the same time; with 1 the listing is never cut. */
  mostAsked?: number;
  /** Most pages that are listed, or asked for, and not yet taken. */
  mostAhead?: number;
  /** Whoever waits for a page no longer than so is not helped by more requests. */
  patienceMs?: number;
  /** What to fail with where a store turns out not to list in the order of keys. */
  disorder: () => Error;
}

/** Pages before anything is cut: a small listing costs no request more than it has to. */
const pagesBefore = 3;

/** Nothing is cut while more than half of all requests have brought next to nothing, but for so many. */
const mostInVain = 8;

const mostStride = 2 ** 40;

/** So many pages tell how much room a page takes. */
const mostRecent = 8;

/** Of so many keys one is learned from. */
const samplesEvery = 50;

export class RangedListing {
  private readonly ended = new AbortController();
  private readonly signal: AbortSignal;
  private readonly space: KeySpace;
  /** In the order of keys. Only the first is taken from. */
  private readonly ranges: KeyRange[];
  private readonly mostAsked: number;
  private readonly mostAhead: number;
  private readonly patienceMs: number;
  /** Requests that may be under way at the same time: more once the store is waited for, fewer once it asks for patience. */
  private allowed = 1;
  private wasSlowed = false;
  private isCut = false;
  private isOrdered = true;
  /** How many times the room of half a page a range is cut. */
  private stride = pagesInRange * 2 - 1;
  /** The first keys of the latest pages that were taken: between them lie the gaps between folders too. */
  private readonly recent: string[] = [];
  private taken: { pages: number; last: string | undefined };
  private answers = 0;
  private inVain = 0;
  private changed = Promise.withResolvers<void>();

  constructor(private readonly options: RangedOptions) {
    const { prefix, after, signal, mostAsked = 48, mostAhead = 160, patienceMs = 20 } = options;
    [this.mostAsked, this.mostAhead, this.patienceMs] = [mostAsked, mostAhead, patienceMs];
    this.signal = signal ? AbortSignal.any([signal, this.ended.signal]) : this.ended.signal;
    this.space = new KeySpace(prefix);
    this.taken = { pages: 0, last: after };
    this.ranges = [new KeyRange(after, undefined, 0)];
  }

  async *pages(): AsyncGenerator<ObjectRef[], void, undefined> {
    try {
      for (let first = this.ranges[0]; first; first = this.ranges[0]) {
        this.signal.throwIfAborted();
        this.askAhead();
        const page = first.takePage();
        if (page) yield this.inOrder(page);
        else if (first.failed) throw first.failed.why;
        else if (first.isDone) this.ranges.shift();
        else await this.wait();
      }
    } finally {
      this.ended.abort();
    }
  }

  private async wait(): Promise<void> {
    const startedAt = performance.now();
    await this.changed.promise;
    if (this.answers < pagesBefore || performance.now() - startedAt < this.patienceMs) return;
    const more = this.wasSlowed ? this.allowed + 1 : this.allowed * 2;
    // Behind the end of a listing each of them asks in vain.
    this.allowed = Math.min(more, this.mostAsked, Math.max(this.allowed, this.answers - this.inVain));
  }

  private get asked(): number {
    return this.ranges.filter(({ isAsking }) => isAsking).length;
  }

  /** What is far ahead takes no room from what is taken next. */
  private hasRoom(index: number): boolean {
    if (this.asked >= this.allowed) return false;
    const ahead = this.ranges.map((range) => range.ahead + (range.isAsking ? 1 : 0));
    const before = sum(ahead.slice(0, index + 1));
    return this.isCut ? before * 3 < this.mostAhead && sum(ahead) < this.mostAhead : before < 2;
  }

  /** The first range may always ask, so that whoever waits for it is served; the others while there is room. */
  private askAhead(): void {
    for (const [index, range] of this.ranges.entries()) {
      if (!range.isOpen || range.isAsking) continue;
      const isWaitedFor = index === 0 && range.ahead === 0;
      if (isWaitedFor || this.hasRoom(index)) void this.ask(range);
    }
    while (this.mayCut && this.cut());
  }

  private async ask(range: KeyRange): Promise<void> {
    const { token, after } = range;
    range.isAsking = true;
    try {
      const place = token !== undefined ? { token } : after !== undefined && { after };
      const page = await this.options.ask({ ...place, signal: this.signal });
      this.learn(page);
      this.settle(range, page);
    } catch (thrown) {
      range.failed = { why: thrown };
    }
    range.isAsking = false;
    this.changed.resolve();
    this.changed = Promise.withResolvers();
    if (!this.signal.aborted) this.askAhead();
  }

  /** Where the order is another one, ranges would lose objects. */
  private inOrder(page: ObjectRef[]): ObjectRef[] {
    if (this.isOrdered && !isInOrder(page, this.taken.last)) {
      this.isOrdered = false;
      const why = this.options.disorder();
      if (this.isCut) throw why;
    }
    this.taken = { pages: this.taken.pages + 1, last: page.at(-1)?.key };
    if (page[0]) this.recent.push(page[0].key);
    if (this.recent.length > mostRecent) this.recent.shift();
    return page;
  }

  private learn({ objects, wasSlowed }: ListedPage): void {
    this.answers += 1;
    if (wasSlowed) [this.wasSlowed, this.allowed] = [true, Math.max(1, Math.floor(this.allowed / 2))];
    if (this.mostAsked === 1) return;
    for (let at = 0; at < objects.count; at += samplesEvery) this.space.learn(objects.key(at));
    if (objects.count > 0) this.space.learn(objects.key(objects.count - 1));
  }

  private settle(range: KeyRange, page: ListedPage): void {
    const own = range.add(page);
    if (own < page.objects.count / 4 || page.objects.count === 0) this.inVain += 1;
    if (page.token === undefined && own === page.objects.count) this.endBehind(range);
    else if (range.isDone && range.stride === this.stride) this.correctStride(range.pagesFound);
  }

  /** By the first range of each stride alone, because many are cut before the first is known. */
  private correctStride(pages: number): void {
    if (pages < pagesInRange / 3) this.stride = Math.min(mostStride, this.stride * 2);
    else if (pages > pagesInRange * 2) this.stride = Math.max(1, Math.ceil(this.stride / 2));
  }

  /** What was cut behind the last object there is. */
  private endBehind(range: KeyRange): void {
    const index = this.ranges.indexOf(range);
    const behind = index < 0 ? [] : this.ranges.slice(index + 1);
    if (behind.every(({ pagesFound }) => pagesFound === 0)) this.ranges.length -= behind.length;
  }

  private get mayCut(): boolean {
    if (!this.isOrdered || this.allowed === 1 || this.taken.pages < pagesBefore) return false;
    return this.asked < this.allowed && this.inVain * 2 < this.answers + mostInVain;
  }

  /** Cuts the first range that is longer than meant, or of which nobody knows how long it is. */
  private cut(): boolean {
    for (const [index, range] of this.ranges.entries()) {
      const at = range.isOpen && range.isLong && this.hasRoom(index) ? this.cutOf(range) : undefined;
      if (at === undefined) continue;
      const behind = new KeyRange(at, range.until, this.stride);
      range.cutAt(at, this.stride);
      this.ranges.splice(index + 1, 0, behind);
      this.isCut = true;
      void this.ask(behind);
      return true;
    }
    return false;
  }

  private cutOf({ reached, until, isTooLong }: KeyRange): string | undefined {
    const [first] = this.recent;
    const { last } = this.taken;
    if (reached === undefined || first === undefined || last === undefined) return undefined;
    const room = (this.space.room(first, last) * BigInt(this.stride)) / BigInt(this.recent.length * 2);
    return (
      this.space.ahead(reached, until, room > 0n ? room : 1n, isTooLong) ??
      behindFolder(this.options.prefix, reached, until)
    );
  }
}

/** Where nothing can be guessed, as between folders of unlike names, the next folder is a beginning. */
function behindFolder(prefix: string, reached: string, until: string | undefined): string | undefined {
  const slash = reached.lastIndexOf('/');
  if (slash < prefix.length) return undefined;
  const behind = `${reached.slice(0, slash)}0`;
  return until === undefined || compareKeys(behind, until) < 0 ? behind : undefined;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
