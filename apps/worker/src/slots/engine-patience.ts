/** Waits for an engine that is away, as it is while it is restarted or upgraded. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LongshoreError } from '@longshore/core';

/** A restart takes a second on an idle machine, and half a minute on one that starts many containers again. */
const patienceMs = 60_000;
const pauseMs = 500;

/** @throws LongshoreError `engine-unavailable` when it stays away, or the reason of the signal */
export async function whileAway<T>(
  work: () => Promise<T>,
  signal: AbortSignal | undefined,
  patience = patienceMs,
): Promise<T> {
  const until = performance.now() + patience;
  for (;;) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (thrown) {
      const away = thrown instanceof LongshoreError && thrown.code === 'engine-unavailable';
      if (!away || performance.now() + pauseMs > until) throw thrown;
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}
