/** Small tables of numbers. */

/** One numeric column by the column `file`. The example tables hold no quoted fields. */
export function readTable(text: string, column: string): Map<string, number> {
  const [header = '', ...lines] = text.trim().split(/\r?\n/);
  const at = header.split(',').indexOf(column);
  return new Map(lines.map((line) => line.split(',')).map((fields) => [fields[0] ?? '', Number(fields[at])]));
}

/** Pearson's r. */
export function pearson(pairs: readonly [number, number][]): number {
  const mean = (side: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const [x, y] = [mean(0), mean(1)];
  const sum = (term: (a: number, b: number) => number) =>
    pairs.reduce((total, [a, b]) => total + term(a - x, b - y), 0);
  return sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b));
}
