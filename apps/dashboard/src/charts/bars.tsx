/** Counts by name, longest bar for the largest. */
import type { ReactNode } from 'react';
import { whole } from '../words/quantities.js';

export interface Bar {
  name: ReactNode;
  key: string;
  count: number;
  /** Class that gives the colour. */
  mark?: string;
}

export function Bars({ bars }: { bars: Bar[] }) {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  return (
    <div className="bars" role="table">
      {bars.map(({ name, key, count, mark = '' }) => (
        <div key={key} role="row" style={{ display: 'contents' }}>
          <span role="rowheader">{name}</span>
          <span role="cell" aria-hidden>
            {count > 0 && (
              <span className={`bar ${mark}`} style={{ display: 'block', width: `${(100 * count) / most}%` }} />
            )}
          </span>
          <b role="cell" className="number">
            {whole(count)}
          </b>
        </div>
      ))}
    </div>
  );
}
