/** Tries again what a network or a restarting orchestrator may have swallowed. */
import { LongshoreError, type Chance, type Clock } from '@longshore/core';

const firstDelayMs = 200;
const longestDelayMs = 5_000;

/** Refusals are answers; everything of class `infra` may pass by itself. */
function mayPass(thrown: unknown): thrown is LongshoreError {
  return (
    thrown instanceof LongshoreError &&
    ['orchestrator-unreachable', 'internal-error', 'storage-failed', 'disk-full', 'too-many-requests'].includes(
      thrown.code,
    )
  );
}

/** True when the orchestrator does not, or does not any more, take this worker for one of its own. */
export function isForeign(thrown: unknown): thrown is LongshoreError {
  return (
    thrown instanceof LongshoreError && ['worker-unknown', 'not-authenticated', 'token-revoked'].includes(thrown.code)
  );
}

/** What waiting takes. */
export interface Patience {
  clock: Clock;
  chance: Chance;
}

/**
 * Repeats a request until it is answered or the signal is aborted, with growing, jittered delays.
 *
 * @param onTrouble told at the first failure and at every tenth after it
 */
export async function persistently<T>(
  { clock, chance }: Patience,
  signal: AbortSignal,
  request: () => Promise<T>,
  onTrouble: (trouble: LongshoreError) => void = () => undefined,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await request();
    } catch (thrown) {
      if (!mayPass(thrown)) throw thrown;
      if (failures % 10 === 0) onTrouble(thrown);
      const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** failures);
      await clock.sleep(delayMs * (0.5 + chance.fraction()), signal);
    }
  }
}
