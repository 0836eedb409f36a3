/** How long to wait before something is tried again. */
import type { Chance } from '@longshore/core';

const firstMs = 1_000;
const longestMs = 60_000;

/** Doubles with every failure up to a minute; spread, so that many do not come at once. */
export function backOffMs(failures: number, chance: Chance): number {
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(failures, 16));
  return fullMs * (0.5 + chance.fraction() / 2);
}
