/** The objects of a task and the outputs that came of them, page by page. */
import type { ObjectAnswer, OutputAnswer, PageAnswer, TaskDetailAnswer } from '@longshore/core/protocol';
import { useState, type ReactNode } from 'react';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Card } from '../design/page.js';
import { Shown } from '../design/says.js';
import { Stranger } from '../design/stranger.js';
import { bytes, counted } from '../words/quantities.js';

export function Objects({ task }: { task: TaskDetailAnswer }) {
  return (
    <Paged<ObjectAnswer>
      title="Objects"
      count={counted(task.object_count, 'object')}
      path={(after) => paths.taskObjects(task.id, { after })}
      head={['Key', 'Size', 'ETag']}
      row={(object) => (
        <tr key={object.key}>
          <td>
            <Stranger text={object.key} mono />
          </td>
          <td className="number" data-name="Size">
            {bytes(object.size_bytes)}
          </td>
          <td className="number" data-name="ETag">
            <Stranger text={object.etag.length > 24 ? `${object.etag.slice(0, 24)}…` : object.etag} mono />
          </td>
        </tr>
      )}
    />
  );
}

export function Outputs({ task, count }: { task: TaskDetailAnswer; count: number }) {
  return (
    <Paged<OutputAnswer>
      title="Outputs"
      count={counted(count, 'file')}
      path={(after) => paths.taskOutputs(task.id, { after })}
      head={['Key', 'Size', 'SHA-256']}
      row={(output) => (
        <tr key={output.key}>
          <td>
            <Stranger text={output.key} mono />
            {output.object_key !== undefined && (
              <span className="second">
                of <Stranger text={output.object_key} />
              </span>
            )}
          </td>
          <td className="number" data-name="Size">
            {bytes(output.size_bytes)}
          </td>
          <td className="number" data-name="SHA-256">
            <span className="mono" title={output.sha256}>
              {output.sha256.slice(0, 16)}…
            </span>
          </td>
        </tr>
      )}
    />
  );
}

interface PagedProps<T> {
  title: string;
  count: string;
  path: (after: string | undefined) => string;
  head: [string, string, string];
  row: (item: T) => ReactNode;
}

function Paged<T>({ title, count, path, head, row }: PagedProps<T>) {
  const [cursors, setCursors] = useState<string[]>([]);
  // What a task consists of does not change, and neither does a manifest that was accepted.
  const answer = useAnswer<PageAnswer<T>>(path(cursors.at(-1)), { keep: true, everyMs: 60_000 });
  return (
    <Card title={title} aside={<span className="small faint">{count}</span>} flush>
      <Shown answer={answer} lines={3}>
        {({ items, next }) => (
          <>
            <div className="table-box">
              <table className="table">
                <thead>
                  <tr>
                    <th>{head[0]}</th>
                    <th className="number">{head[1]}</th>
                    <th className="number">{head[2]}</th>
                  </tr>
                </thead>
                <tbody>{items.map(row)}</tbody>
              </table>
            </div>
            {(next !== undefined || cursors.length > 0) && (
              <div className="pager">
                <button
                  type="button"
                  className="button tight"
                  disabled={cursors.length === 0}
                  onClick={() => setCursors(cursors.slice(0, -1))}
                >
                  Before
                </button>
                <button
                  type="button"
                  className="button tight"
                  disabled={next === undefined}
                  onClick={() => next !== undefined && setCursors([...cursors, next])}
                >
                  Next
                </button>
              </div>
            )}
          </>
        )}
      </Shown>
    </Card>
  );
}
