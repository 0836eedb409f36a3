/** A store that is nothing but a list of keys: it answers the requests of a listing, each when a test says so, or by chance. */
import { compareKeys, type ObjectRef } from '@longshore/core';
import type { ListedPage } from '../listing/key-range.js';
import { objectsAtHand } from '../listing/listed-objects.js';
import type { PageRequest } from '../listing/ranged-listing.js';

export class ListedKeys {
  asked = 0;
  /** Most requests that were under way at the same time. */
  mostAtOnce = 0;
  readonly keys: string[];
  private atOnce = 0;

  /** @param answerOf what comes instead of a page, or with it */
  constructor(
    keys: Iterable<string>,
    private readonly pageSize: number,
    private readonly turns: () => number = () => 1,
    private readonly answerOf: (page: ListedPage, asked: number) => ListedPage = (page) => page,
  ) {
    this.keys = [...new Set(keys)].sort(compareKeys);
  }

  readonly ask = async ({ after, token, signal }: PageRequest): Promise<ListedPage> => {
    this.asked += 1;
    this.atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.atOnce);
    for (let turn = this.turns(); turn > 0; turn -= 1) await new Promise((resolve) => setImmediate(resolve));
    this.atOnce -= 1;
    signal.throwIfAborted();
    const behind =
      token === undefined
        ? this.keys.findIndex((key) => after === undefined || compareKeys(key, after) > 0)
        : Number(token);
    const first = behind < 0 ? this.keys.length : behind;
    const objects = this.keys
      .slice(first, first + this.pageSize)
      .map((key): ObjectRef => ({ key, sizeBytes: 1, etag: '' }));
    const next = first + this.pageSize;
    return this.answerOf(
      { objects: objectsAtHand(objects), ...(next < this.keys.length && { token: String(next) }) },
      this.asked,
    );
  };
}
