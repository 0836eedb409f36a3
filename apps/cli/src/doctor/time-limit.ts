/** Ends what takes too long, whether or not it listens. */

/** What a limit throws. */
export class TooLong extends Error {}

/** Time to clean up once it is told to stop, such as to remove what was staged. */
const graceMs = 2_000;

/**
 * @param work is given a signal that is aborted at the limit
 * @throws TooLong when it goes on after that
 */
export async function within<T>(limitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const timers = [setTimeout(() => limit.abort(new TooLong()), limitMs)];
  const over = new Promise<never>((_, reject) => {
    timers.push(setTimeout(() => reject(new TooLong()), limitMs + graceMs));
  });
  try {
    return await Promise.race([work(limit.signal), over]);
  } finally {
    for (const timer of timers) clearTimeout(timer);
  }
}
