/** How many took how long. */
import type { DurationBucket } from '@longshore/core/protocol';
import { counted, duration } from '../words/quantities.js';

/** More columns than this cannot be told apart on a phone. */
const mostColumns = 30;

export function Histogram({ buckets, thing }: { buckets: readonly DurationBucket[]; thing: string }) {
  const columns = gathered(filled(buckets));
  const most = Math.max(1, ...columns.map(({ count }) => count));
  const [first, last] = [columns[0], columns.at(-1)];
  if (!first || !last) return undefined;
  return (
    <figure aria-label={`How long ${thing}s took`} style={{ maxWidth: Math.max(180, columns.length * 67) }}>
      <div className="columns-chart" role="list">
        {columns.map(({ from_seconds: from, to_seconds: to, count }) => {
          const said = `${duration(from)} to ${duration(to)}: ${counted(count, thing)}`;
          const height = count === 0 ? '0' : `max(2px, ${(100 * count) / most}%)`;
          return <span key={from} role="listitem" title={said} aria-label={said} style={{ height }} />;
        })}
      </div>
      <div className="columns-scale" aria-hidden>
        <span>{duration(first.from_seconds)}</span>
        <span>{duration(last.to_seconds)}</span>
      </div>
    </figure>
  );
}

/** The empty places between buckets, so that distances are what they look like. */
function filled(buckets: readonly DurationBucket[]): DurationBucket[] {
  const [first] = buckets;
  if (!first || first.from_seconds <= 0) return [...buckets];
  const growth = first.to_seconds / first.from_seconds;
  const all: DurationBucket[] = [];
  for (const bucket of buckets) {
    for (let last = all.at(-1); last && last.to_seconds * 1.001 < bucket.from_seconds; last = all.at(-1)) {
      if (all.length > 400) break;
      all.push({
        from_seconds: last.to_seconds,
        to_seconds: Math.min(bucket.from_seconds, last.to_seconds * growth),
        count: 0,
      });
    }
    all.push(bucket);
  }
  return all;
}

function gathered(buckets: DurationBucket[]): DurationBucket[] {
  const each = Math.ceil(buckets.length / mostColumns);
  if (each <= 1) return buckets;
  const columns: DurationBucket[] = [];
  for (let at = 0; at < buckets.length; at += each) {
    const part = buckets.slice(at, at + each);
    const [first, last] = [part[0], part.at(-1)];
    if (first && last) {
      const count = part.reduce((sum, bucket) => sum + bucket.count, 0);
      columns.push({ from_seconds: first.from_seconds, to_seconds: last.to_seconds, count });
    }
  }
  return columns;
}
