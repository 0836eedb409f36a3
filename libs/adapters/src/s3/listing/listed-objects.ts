/** The objects of one page of a listing, before anybody has taken them. */
import type { ObjectRef } from '@longshore/core';

export interface ListedObjects {
  readonly count: number;
  key(index: number): string;
  /** The first so many of them. To be called once: what they were read from may hold another page afterwards. */
  take(count: number): ObjectRef[];
}

export function objectsAtHand(objects: ObjectRef[]): ListedObjects {
  return {
    count: objects.length,
    key: (index) => objects[index]?.key ?? '',
    take: (count) => (count === objects.length ? objects : objects.slice(0, count)),
  };
}
