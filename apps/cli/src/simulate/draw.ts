/** Chance that belongs to a thing and not to an order: the third object takes as long in every run of a seed, whoever works on it. */

export type Draw = (what: number, index: number) => number;

/** What is drawn. */
export const drawn = { object: 1, normal: 2, life: 3, slow: 4, heartbeat: 5, jitter: 6 } as const;

/** @returns a number above 0 and below 1 */
export function drawOf(seed: number): Draw {
  return (what, index) => (mixed(mixed(mixed(seed) ^ what) ^ index) + 0.5) / 2 ** 32;
}

/** The finisher of MurmurHash3: every bit of the input moves about half of the bits of the output. */
function mixed(value: number): number {
  let bits = (value + 0x9e37_79b9) >>> 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Milliseconds of one object: log-normal, because what takes time is never below 0 and now and then far above the mean. */
export function objectMs(draw: Draw, index: number, meanMs: number, spread: number): number {
  if (spread === 0) return meanMs;
  const variance = Math.log(1 + spread ** 2);
  const normal =
    Math.sqrt(-2 * Math.log(draw(drawn.object, index))) * Math.cos(2 * Math.PI * draw(drawn.normal, index));
  return meanMs * Math.exp(Math.sqrt(variance) * normal - variance / 2);
}

/** How long a machine lives: at any moment the next hour is as dangerous as it was for a new one. */
export function lifeMs(draw: Draw, machine: number, lossPerHour: number): number {
  if (lossPerHour === 0) return Infinity;
  return (-Math.log(draw(drawn.life, machine)) / lossPerHour) * 3_600_000;
}
