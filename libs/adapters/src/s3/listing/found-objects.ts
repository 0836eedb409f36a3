/** The objects of one page as a few bytes each: what is told of them side by side, until somebody takes them. */
import type { ObjectRef } from '@longshore/core';
import { objectOf } from './listed-object.js';
import type { ListedObjects } from './listed-objects.js';

/** S3 gives no more in one answer. */
export const mostObjects = 1_000;

/** What an object has in `places`: where its key begins and ends in the text, and where its ETag does. */
export const places = 4;

/** Memory for one page, which is used again. */
export class Sheet {
  readonly places = new Uint32Array(mostObjects * places);
  readonly sizes = new Float64Array(mostObjects);
  readonly archived = new Uint8Array(mostObjects);
  private text = Buffer.alloc(0);

  clear(index: number): void {
    const first = index * places;
    for (let place = first; place < first + places; place += 1) this.places[place] = 0;
    this.sizes[index] = 0;
    this.archived[index] = 0;
  }

  keep(text: Uint8Array): void {
    // With some room, because the next page is about as long.
    if (this.text.length < text.length) this.text = Buffer.alloc(Math.ceil(text.length * 1.2));
    this.text.set(text);
  }

  textAt(place: number): string {
    return this.text.toString('latin1', this.places[place], this.places[place + 1]);
  }
}

export class FoundObjects implements ListedObjects {
  constructor(
    private readonly sheet: Sheet,
    readonly count: number,
    private readonly onTaken: () => void,
  ) {}

  key(index: number): string {
    return this.object(index).key;
  }

  take(count: number): ObjectRef[] {
    const objects = Array.from({ length: count }, (_, index) => this.object(index));
    this.onTaken();
    return objects;
  }

  private object(index: number): ObjectRef {
    const { sheet } = this;
    const [key, etag] = [sheet.textAt(index * places), sheet.textAt(index * places + 2)];
    return objectOf(key, sheet.sizes[index], etag, sheet.archived[index] === 1);
  }
}
