/** Ends what takes too long, whether or not it listens. */

/** What a limit throws. */
export class TooLong extends Error {}

/** Time to clean up once it is told to stop, such as to remove what was staged. */
const graceMs = 2_000;

/**
 * @param work is given a signal that is aborted at the limit
 * @param interrupt brings the limit forward
 * @throws TooLong when it goes on after that
 */
export async function within<T>(
  limitMs: number,
  work: (signal: AbortSignal) => Promise<T>,
  interrupt?: AbortSignal,
): Promise<T> {
  const limit = new AbortController();
  const over = Promise.withResolvers<never>();
  let timer = setTimeout(end, limitMs);
  interrupt?.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work(limit.signal), over.promise]);
  } finally {
    clearTimeout(timer);
    interrupt?.removeEventListener('abort', end);
  }

  function end(): void {
    clearTimeout(timer);
    limit.abort(new TooLong());
    timer = setTimeout(() => over.reject(new TooLong()), graceMs);
  }
}
