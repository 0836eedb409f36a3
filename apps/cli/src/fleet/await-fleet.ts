/** Waits for workers that come and for workers that leave. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FleetDescription, FleetProvider } from '@longshore/core';
import type { FleetView } from './fleet-view.js';
import { workersInWords } from './fleet-text.js';

const lookAgainMs = 250;
/** A worker that cannot work at all has said so by then. */
const startsWithinMs = 3_000;
const registersWithinMs = 20_000;
const sayEveryMs = 5_000;

/**
 * Until every worker has registered, one is gone, or there is nothing to wait for: nobody tells what they do, or they wait themselves.
 *
 * @param look at the fleet as it is now
 */
export async function awaitUp(look: () => Promise<FleetView>): Promise<FleetView> {
  for (const from = performance.now(); ; await sleep(lookAgainMs)) {
    const view = await look();
    const running = view.workers.filter(({ process }) => process === 'running');
    const waitedMs = performance.now() - from;
    const isWaiting = running.some(({ worker_id: id }) => id === undefined);
    if (view.workers.some(({ process }) => process === 'gone') || !isWaiting) return view;
    if (waitedMs > (view.unknown === undefined ? registersWithinMs : startsWithinMs)) return view;
  }
}

/** Until nobody of the fleet lives who was told to leave, or the time is over. @returns how many live still */
export async function awaitLeaving(
  provider: FleetProvider,
  name: string,
  withinMs: number,
  say: (line: string) => void,
): Promise<number> {
  let saidAt = performance.now();
  for (const from = saidAt; ; await sleep(lookAgainMs)) {
    const left = leaving(await provider.describe(name));
    if (left === 0 || performance.now() - from > withinMs) return left;
    if (performance.now() - saidAt < sayEveryMs) continue;
    saidAt = performance.now();
    say(`${workersInWords(left)} still leaving.`);
  }
}

function leaving(fleet: FleetDescription | undefined): number {
  return fleet?.members.filter(({ state }) => state === 'draining').length ?? 0;
}
