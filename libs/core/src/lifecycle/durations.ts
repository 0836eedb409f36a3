/** How long things took, as a histogram whose buckets grow by a fixed share, so that it stays small whatever is counted. */

/** Eight buckets for each doubling: a value is known to 9 %, its middle to 4.5 %. A week is bucket 233. */
const perDoubling = 8;

export interface DurationCount {
  bucket: number;
  count: number;
  /** Of all durations in it, in milliseconds. */
  sumMs: number;
  minMs: number;
  maxMs: number;
}

export interface DurationStatistics {
  count: number;
  sumMs: number;
  minMs: number;
  maxMs: number;
  medianMs: number;
  p95Ms: number;
}

export function durationBucket(ms: number): number {
  return Math.floor(perDoubling * Math.log2(Math.max(ms, 1)));
}

/** Where a bucket begins, in milliseconds. */
export function bucketStartMs(bucket: number): number {
  return 2 ** (bucket / perDoubling);
}

/** Nothing where nothing was counted. Smallest, largest and sum are exact. */
export function durationStatistics(counts: readonly DurationCount[]): DurationStatistics | undefined {
  const inOrder = counts.filter(({ count }) => count > 0).sort((one, other) => one.bucket - other.bucket);
  const [first] = inOrder;
  const last = inOrder.at(-1);
  if (!first || !last) return undefined;
  return {
    count: inOrder.reduce((sum, { count }) => sum + count, 0),
    sumMs: inOrder.reduce((sum, { sumMs }) => sum + sumMs, 0),
    minMs: first.minMs,
    maxMs: last.maxMs,
    medianMs: quantileMs(inOrder, 0.5),
    p95Ms: quantileMs(inOrder, 0.95),
  };
}

/** Within a bucket, its values are taken to lie evenly between the smallest and the largest. */
function quantileMs(counts: readonly DurationCount[], share: number): number {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const rank = share * (total - 1);
  let before = 0;
  for (const { count, minMs, maxMs } of counts) {
    if (rank < before + count) {
      return count === 1 ? minMs : minMs + ((maxMs - minMs) * Math.min(rank - before, count - 1)) / (count - 1);
    }
    before += count;
  }
  return counts.at(-1)?.maxMs ?? 0;
}

/** The same histogram in at most so many buckets of equal share, for a chart. */
export function coarser(
  counts: readonly DurationCount[],
  most: number,
): { fromMs: number; toMs: number; count: number }[] {
  const buckets = counts.map(({ bucket }) => bucket);
  if (buckets.length === 0) return [];
  const [low, high] = [Math.min(...buckets), Math.max(...buckets)];
  const width = Math.ceil((high - low + 1) / most);
  const steps = Math.ceil((high - low + 1) / width);
  return Array.from({ length: steps }, (_, step) => {
    const from = low + step * width;
    const inside = counts.filter(({ bucket }) => bucket >= from && bucket < from + width);
    return {
      fromMs: bucketStartMs(from),
      toMs: bucketStartMs(from + width),
      count: inside.reduce((sum, { count }) => sum + count, 0),
    };
  });
}
