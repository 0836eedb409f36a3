/** What a job would do, as a dry run tells it. */
import { Facts } from '../design/page.js';
import { Stranger } from '../design/stranger.js';
import { bytes, counted, whole } from '../words/quantities.js';

export interface PlanShape {
  run: { objects: number; tasks: number; bytes: number };
  done_before: number;
  skipped: number;
  refused: number;
  reasons: { reason: string; objects: number; example: { key: string; sentence: string } }[];
  first_tasks?: PlannedTask[];
}

interface PlannedTask {
  position: number;
  object_count: number;
  size_bytes: number;
  file_names: string[];
}

export function Plan({ plan }: { plan: PlanShape }) {
  const { run, first_tasks: first = [] } = plan;
  return (
    <div className="stack" role="status">
      <Facts
        facts={[
          [
            'Would run',
            <b key="r">{`${counted(run.objects, 'object')} in ${counted(run.tasks, 'task')}, ${bytes(run.bytes)}`}</b>,
          ],
          ['Done before', plan.done_before > 0 ? counted(plan.done_before, 'object') : undefined],
          ['Left out', plan.skipped > 0 ? `${counted(plan.skipped, 'object')}, by patterns` : undefined],
          [
            'Refused',
            plan.refused > 0 ? <span className="bad-text">{counted(plan.refused, 'object')}, by name</span> : undefined,
          ],
        ]}
      />
      {first.length > 0 && <h3>The first tasks</h3>}
      {first.length > 0 && (
        <ol className="stack">
          {first.map((task, at) => (
            <li key={task.position} className="notice">
              <span className="small">
                <b>Task {at + 1}</b>{' '}
                <span className="faint">
                  {counted(task.object_count, 'object')}, {bytes(task.size_bytes)}
                </span>
              </span>
              <ul className="small">
                {task.file_names.slice(0, 4).map((name) => (
                  <li key={name}>
                    <Stranger text={name} mono />
                  </li>
                ))}
                {task.object_count > 4 && <li className="faint">and {whole(task.object_count - 4)} more</li>}
              </ul>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
