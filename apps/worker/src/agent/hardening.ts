/** Looks, from inside a container of the plugin, whether the walls around it stand. */
import { LongshoreError, messageOf } from '@longshore/core';
import type { SlotPool } from '../slots/slot-pool.js';
import { wallFaults, wallFiles } from './walls.js';

/**
 * @param encloses whether there is a container of the plugin's own at all
 * @returns whether every wall was seen to stand
 * @throws LongshoreError `invalid-configuration` when one does not, or nobody can look, and `requireHardened` is set
 */
export async function checkHardening(
  slots: Pick<SlotPool, 'tryOut'>,
  { requireHardened }: { requireHardened: boolean },
  say: (line: string) => void,
  encloses = true,
): Promise<boolean> {
  const faults = encloses ? await look(slots) : ['it is the container of this worker itself'];
  if (faults.length === 0) {
    say('The container is hardened: no privileges, no network, a read-only root, and limits on what it may use.');
    return true;
  }
  if (!requireHardened) {
    say(`The container is not known to be hardened: ${faults.join('; ')}.`);
    return false;
  }
  throw new LongshoreError(
    'invalid-configuration',
    `LONGSHORE_REQUIRE_HARDENED is set, and the container is not known to be hardened: ${faults.join('; ')}.`,
    { remedy: 'Mend the container engine or the plugin, or unset LONGSHORE_REQUIRE_HARDENED.' },
  );
}

/** `head` writes the name of each file above it, goes on after one that is missing, and is in nearly every image; no shell is needed. */
async function look(slots: Pick<SlotPool, 'tryOut'>): Promise<string[]> {
  try {
    const { log } = await slots.tryOut({
      argv: ['head', '-n', '1000', ...wallFiles],
      signal: AbortSignal.timeout(30_000),
    });
    return wallFaults(log);
  } catch (thrown) {
    if (thrown instanceof LongshoreError && thrown.code === 'command-not-found') {
      return ['its image has no program "head" to look around with'];
    }
    return [`nobody could look around in it: ${messageOf(thrown)}`];
  }
}
