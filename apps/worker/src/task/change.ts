/** Something that happens now and then, and that others wait for. */

export class Change {
  private coming = Promise.withResolvers<void>();

  tell(): void {
    this.coming.resolve();
    this.coming = Promise.withResolvers();
  }

  /**
   * Looks now, and after each change again.
   *
   * @throws the reason of the signal
   */
  async until(holds: () => boolean | Promise<boolean>, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      // Taken before the look, so that a change meanwhile is not missed.
      const { promise } = this.coming;
      if (await holds()) return;
      await unlessAborted(promise, signal);
    }
  }
}

async function unlessAborted(change: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return change;
  if (signal.aborted) return;
  const aborted = Promise.withResolvers<void>();
  const leave = () => aborted.resolve();
  signal.addEventListener('abort', leave, { once: true });
  await Promise.race([change, aborted.promise]);
  signal.removeEventListener('abort', leave);
}
