/**
 * What a job has learnt of its own speed from the tasks that were done: the seconds of a task, of each of its objects and of each byte. Plain and
 * small, because it is stored with the job.
 */

export interface Pace {
  /** Weighted sums over the samples, the latest with the most weight: products of 1, objects and bytes with each other ... */
  squares: [number, number, number, number, number, number];
  /** ... and with the seconds. */
  products: [number, number, number];
  samples: number;
  /** How many times as long as those sums say it takes at present. */
  slowness: number;
  /** The longest a task took, in seconds. */
  longest: number;
  /** Most objects in a task. */
  most: number;
  /** Slots that worked at once lately. */
  slots: number;
}

/** A task that was done. */
export interface PaceSample {
  objects: number;
  bytes: number;
  seconds: number;
  /** Tasks of the job that are held now, this one among them. */
  held: number;
}

/** In seconds. */
export interface Cost {
  /** Of a task, whatever is in it. */
  overhead: number;
  perObject: number;
  perByte: number;
}

/** Weight that a sample keeps when the next one comes: about fifty count. */
const kept = 0.98;

/** One that took many times as long as expected says no more than this many times, once enough is known to expect anything. */
const mostSurprise = 4;
const settledFrom = 5;

/**
 * The share of a surprise that is believed to hold for all that comes. Where everything becomes slower at once the costs would be learnt too late,
 * and wrongly: the sizes of tasks fall at the same time, and each of them would seem to cost much by itself.
 */
const nimbleness = 0.2;

/**
 * Draws towards nothing what the samples do not tell apart, the less the more there are. Tasks of one size say nothing of what a task costs by
 * itself, so that is taken for little until sizes differ; objects and bytes share alike.
 */
const ridges = [0.3, 0.003, 0.003] as const;
const remembered = 1 / (1 - kept);

/** Fleets get smaller, too. */
const slotsKept = 0.99;

const nothingKnown: Pace = {
  squares: [0, 0, 0, 0, 0, 0],
  products: [0, 0, 0],
  samples: 0,
  slowness: 1,
  longest: 0,
  most: 0,
  slots: 0,
};

/** What is known with one task more. */
export function learn(pace: Pace | undefined, { objects, bytes, seconds, held }: PaceSample): Pace {
  const known = pace ?? nothingKnown;
  const expected = pace ? secondsOf(costOf(pace), { objects, bytes }) : seconds;
  const isSettled = known.samples >= settledFrom;
  const told = isSettled ? Math.min(seconds, Math.max(1, mostSurprise * expected)) : seconds;
  const surprise = isSettled && expected > 0 ? told / expected - 1 : 0;
  const slowness = known.slowness * (1 + nimbleness * surprise);
  // What it would have taken at the speed of the others; a share of what was expected counts alike for small tasks and large ones.
  const usual = told / slowness;
  const weight = 1 / Math.max(expected / known.slowness, usual / mostSurprise, 1e-3) ** 2;
  const add = [1, objects, bytes, objects * objects, objects * bytes, bytes * bytes];
  const [s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0] = known.squares.map(
    (sum, index) => kept * sum + weight * (add[index] ?? 0),
  );
  const [p0, p1, p2] = known.products;
  return {
    squares: [s0, s1, s2, s3, s4, s5],
    products: [kept * p0 + weight * usual, kept * p1 + weight * usual * objects, kept * p2 + weight * usual * bytes],
    samples: known.samples + 1,
    slowness,
    longest: Math.max(known.longest, seconds),
    most: Math.max(known.most, objects),
    slots: Math.max(held, known.slots * slotsKept),
  };
}

export function secondsOf(cost: Cost, content: { objects: number; bytes: number }): number {
  return cost.overhead + workOf(cost, content);
}

/** Of the objects alone, without those of their task. */
export function workOf({ perObject, perByte }: Cost, { objects, bytes }: { objects: number; bytes: number }): number {
  return perObject * objects + perByte * bytes;
}

/** The costs that explain the samples best, none of them below nothing. */
export function costOf({ squares, products, samples, slowness }: Pace): Cost {
  const counted = Math.min(samples, remembered);
  const [s00, s01, s02, s11, s12, s22] = squares;
  const scales = [s00, s11, s22].map(Math.sqrt);
  const scaled = (value: number, row: number, column: number) => value / ((scales[row] ?? 1) * (scales[column] ?? 1));
  const matrix = [
    [1, scaled(s01, 0, 1), scaled(s02, 0, 2)],
    [scaled(s01, 0, 1), 1, scaled(s12, 1, 2)],
    [scaled(s02, 0, 2), scaled(s12, 1, 2), 1],
  ];
  const target = products.map((product, row) => product / (scales[row] ?? 1));
  let best: { gain: number; found: number[] } = { gain: -Infinity, found: [0, 0, 0] };
  for (const used of subsets) {
    if (used.some((index) => !((scales[index] ?? 0) > 0))) continue;
    const found = solve(
      used.map((row) =>
        used.map((column) => (matrix[row]?.[column] ?? 0) + (row === column ? (ridges[row] ?? 0) / counted : 0)),
      ),
      used.map((row) => target[row] ?? 0),
    );
    if (found.some((value) => !(value >= 0))) continue;
    const gain = found.reduce((sum, value, index) => sum + value * (target[used[index] ?? 0] ?? 0), 0);
    if (gain > best.gain) best = { gain, found: spread(used, found) };
  }
  const [overhead = 0, perObject = 0, perByte = 0] = best.found.map((value, index) =>
    value === 0 ? 0 : (slowness * value) / (scales[index] ?? 1),
  );
  return { overhead, perObject, perByte };
}

const subsets = [[0, 1, 2], [0, 1], [0, 2], [1, 2], [0], [1], [2]] as const;

function spread(used: readonly number[], found: readonly number[]): number[] {
  return [0, 1, 2].map((index) => found[used.indexOf(index)] ?? 0);
}

/** Elimination without exchanging rows: the ridges keep what stands on the diagonal above nothing. */
function solve(matrix: number[][], target: number[]): number[] {
  const rows = matrix.map((row, index) => [...row, target[index] ?? 0]);
  for (const [at, pivot] of rows.entries()) {
    for (const row of rows.slice(at + 1)) {
      const factor = (row[at] ?? 0) / (pivot[at] ?? 1);
      for (let column = at; column < row.length; column += 1) row[column]! -= factor * (pivot[column] ?? 0);
    }
  }
  const found: number[] = [];
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    const row = rows[at] ?? [];
    const known = row.slice(at + 1, -1).reduce((sum, value, index) => sum + value * (found[index] ?? 0), 0);
    found.unshift(((row.at(-1) ?? 0) - known) / (row[at] ?? 1));
  }
  return found;
}
