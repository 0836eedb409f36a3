/** The arithmetic of the bench: the middle of some values, and how much better one subject was than another. */

export function median(values) {
  if (values.length === 0) return null;
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * How much better we were: above 1 means that we are better. It is the median of the ratios round by round, because what else the machine
 * does disturbs both sides of a round alike.
 */
export function ratio(better, ours, theirs) {
  const rounds = Math.min(ours.length, theirs.length);
  const ratios = Array.from({ length: rounds }, (_, round) =>
    better === 'more' ? ours[round] / theirs[round] : theirs[round] / ours[round],
  );
  return median(ratios.filter(Number.isFinite));
}

/** Six digits are more than any measurement here is worth, and keep the files readable. */
export function rounded(value) {
  return value === null ? null : Number(value.toPrecision(6));
}
