/** A list that lies within a page and is turned over by itself. */
import type { PageAnswer } from '@longshore/core/protocol';
import { useState, type ReactNode } from 'react';
import { useAnswer } from '../api/queries.js';
import { Card } from './page.js';
import { Shown } from './says.js';
import { Table } from './table.js';
import { Turner } from './turner.js';

interface PagedProps<T> {
  title: string;
  /** Said beside the title. */
  count: string;
  path: (after: string | undefined) => string;
  head: [string, string, string];
  row: (item: T) => ReactNode;
}

export function Paged<T>({ title, count, path, head, row }: PagedProps<T>) {
  const [cursors, setCursors] = useState<string[]>([]);
  // What a task consists of does not change, neither does a manifest that was accepted, nor the reports of a job that is over.
  const answer = useAnswer<PageAnswer<T>>(path(cursors.at(-1)), { keep: true, everyMs: 60_000 });
  return (
    <Card title={title} aside={<span className="small faint">{count}</span>} flush>
      <Shown answer={answer} lines={3}>
        {({ items, next }) => (
          <>
            <Table
              head={
                <>
                  <th>{head[0]}</th>
                  <th className="number">{head[1]}</th>
                  {head[2] === '' ? <td /> : <th className="number">{head[2]}</th>}
                </>
              }
            >
              {items.map(row)}
            </Table>
            <Turner cursors={cursors} setCursors={setCursors} next={next} className="pager" />
          </>
        )}
      </Shown>
    </Card>
  );
}
