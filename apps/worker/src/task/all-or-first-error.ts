/** Work that is done at the same time, and of which nothing goes on when the waiting for it has ended. */

/** @throws the first error in the order given, once all have ended */
export async function allOrFirstError<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
