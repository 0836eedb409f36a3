/** Work that a signal ends. */

const interrupted = Symbol('interrupted');

/**
 * The result of `work`, unless the signal comes first: then `stop` is awaited and the signal's reason thrown. Whatever `work` still
 * does or throws after that is ignored.
 */
export async function untilAborted<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  stop: () => Promise<void> = () => Promise.resolve(),
): Promise<T> {
  if (signal === undefined) return work();
  if (!signal.aborted) {
    const abort = Promise.withResolvers<typeof interrupted>();
    const listen = (): void => abort.resolve(interrupted);
    signal.addEventListener('abort', listen, { once: true });
    try {
      const first = await Promise.race([work(), abort.promise]);
      if (first !== interrupted) return first;
    } catch (thrown) {
      // What fails under an aborted signal fails because of it: its streams are destroyed by the same signal.
      if (!signal.aborted) throw thrown;
    } finally {
      signal.removeEventListener('abort', listen);
    }
  }
  await stop();
  throw signal.reason;
}
