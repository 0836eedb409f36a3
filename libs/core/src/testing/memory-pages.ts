/** Pages of what is held in memory. */
import type { Page } from '../ports/store-exchange.js';

/** What comes behind the last item of a page, whatever has become of that item since. */
export function behind<T extends { id: string }>(items: readonly T[], last: string | undefined): readonly T[] {
  return last === undefined ? items : items.slice(items.findIndex(({ id }) => id === last) + 1);
}

export function firstPage<T extends { id: string }>(items: readonly T[], limit: number): Page<T> {
  const last = items.length > limit ? items[limit - 1] : undefined;
  return { items: items.slice(0, limit), ...(last && { next: last.id }) };
}
