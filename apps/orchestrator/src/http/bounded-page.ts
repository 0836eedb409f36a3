/** Pages that stay small in bytes too: one of tasks whose names or failures are long ends early. */
import type { Page, PageRequest } from '@longshore/core';
import type { PageAnswer, PageQuery } from '@longshore/core/protocol';

/** With what stands around the items, an answer stays under 100 KB. */
const pageBytes = 64_000;
const defaultLimit = 50;

/** @param answer what is told of each item */
export async function boundedPage<T, A>(
  query: PageQuery,
  ask: (request: PageRequest) => Promise<Page<T>>,
  answer: (item: T) => A | Promise<A>,
): Promise<PageAnswer<A>> {
  const after = query.after === undefined ? {} : { after: query.after };
  const page = await told(await ask({ limit: query.limit ?? defaultLimit, ...after }), answer);
  let bytes = 0;
  const fitting = page.items.findIndex((item) => (bytes += Buffer.byteLength(JSON.stringify(item))) > pageBytes);
  // A page always holds something, or nobody would come further.
  return fitting < 0 ? page : told(await ask({ limit: Math.max(1, fitting), ...after }), answer);
}

async function told<T, A>({ items, next }: Page<T>, answer: (item: T) => A | Promise<A>): Promise<PageAnswer<A>> {
  return { items: await Promise.all(items.map(answer)), ...(next !== undefined && { next }) };
}

/** A page of what is held in memory already; its cursor is a position. */
export function pageOf<T>(items: readonly T[]): (request: PageRequest) => Promise<Page<T>> {
  return async ({ limit, after }) => {
    const from = Math.max(0, Math.trunc(Number(after ?? 0)) || 0);
    const next = from + limit < items.length ? { next: String(from + limit) } : {};
    return { items: items.slice(from, from + limit), ...next };
  };
}
