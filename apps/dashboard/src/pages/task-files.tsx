/** The objects of a task and the outputs that came of them, page by page. */
import type { ObjectAnswer, OutputAnswer, TaskDetailAnswer } from '@longshore/core/protocol';
import { paths } from '../api/paths.js';
import { Paged } from '../design/paged.js';
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
