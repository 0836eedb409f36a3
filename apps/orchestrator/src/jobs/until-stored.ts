/** Work that nobody asks for again waits until there is room on the disk of the state. */
import { LongshoreError, type Clock } from '@longshore/core';

const lookAgainMs = 2_000;

/** Runs `work` again for as long as the disk is full; gives up without an error when the signal is aborted. */
export async function untilStored<T>(
  clock: Clock,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError) || thrown.code !== 'disk-full') throw thrown;
      await clock.sleep(lookAgainMs, signal);
    }
  }
  return undefined;
}
