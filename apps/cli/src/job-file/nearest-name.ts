/** Finds what somebody meant who has mistyped a name. */

/** @returns the known name with the fewest letters changed, if it is near enough to be meant */
export function nearestName(written: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map((name) => ({ name, changes: changesBetween(written.toLowerCase(), name.toLowerCase()) }))
    .sort((one, other) => one.changes - other.changes);
  if (!nearest) return undefined;
  return nearest.changes <= Math.max(2, Math.floor(nearest.name.length / 3)) ? nearest.name : undefined;
}

/** Letters to add, drop or change to make one of the other (Levenshtein). */
function changesBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= other.length; column += 1) {
      const changed = (row[column - 1] ?? 0) + (letter === other[column - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
