/** What a job would do, as a dry run tells it. */
import type { PlanAnswer, PlannedTask } from '@longshore/core/protocol';
import { Facts } from '../design/page.js';
import { Stranger } from '../design/stranger.js';
import { bytes, counted, duration, whole } from '../words/quantities.js';

export function Plan({ plan }: { plan: PlanAnswer }) {
  const { run, first_tasks: first, last_task: last } = plan;
  const isLastApart = last !== undefined && last.position > (first.at(-1)?.position ?? 0);
  return (
    <div className="stack" role="status">
      <Facts
        facts={[
          ['Would run', <b key="r">{`${counted(run.objects, 'object')} ${tasksOf(plan)}, ${bytes(run.bytes)}`}</b>],
          ['Done before', plan.done_before > 0 ? counted(plan.done_before, 'object') : undefined],
          ['Left out', plan.skipped > 0 ? `${counted(plan.skipped, 'object')}, by patterns` : undefined],
          [
            'Refused',
            plan.refused > 0 ? <span className="bad-text">{counted(plan.refused, 'object')}, by name</span> : undefined,
          ],
        ]}
      />
      {first.length > 0 && <h3>{headingOf(run.tasks, isLastApart)}</h3>}
      {first.length > 0 && (
        <ol className="stack">
          {first.map((task, at) => (
            <Task key={task.position} number={at + 1} task={task} />
          ))}
          {isLastApart && <Task number={run.tasks ?? 0} task={last} />}
        </ol>
      )}
      {run.objects > 0 && plan.done_before > 0 && (
        <ul className="sentences faint">
          {plan.reasons.map(({ reason, objects, example }) => (
            <li key={reason}>
              {counted(objects, 'object')}: <Stranger text={example.sentence} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function tasksOf({ run: { tasks }, target_seconds: target = 0 }: PlanAnswer): string {
  return tasks === undefined ? `in tasks of about ${duration(target)}, cut as it goes` : `in ${counted(tasks, 'task')}`;
}

function headingOf(tasks: number | undefined, isLastApart: boolean): string {
  if (tasks === undefined) return 'The first tasks';
  return isLastApart ? 'The first tasks, and the last' : 'The tasks';
}

function Task({ number, task }: { number: number; task: PlannedTask }) {
  const shown = task.file_names.slice(0, 4);
  const more = task.object_count - shown.length;
  return (
    <li className="notice">
      <span>
        <b>Task {whole(number)}</b>{' '}
        <span className="faint">
          {counted(task.object_count, 'object')}, {bytes(task.size_bytes)}
        </span>
      </span>
      <ul>
        {shown.map((name) => (
          <li key={name}>
            <Stranger text={name} mono />
          </li>
        ))}
        {more > 0 && <li className="faint">and {whole(more)} more</li>}
      </ul>
    </li>
  );
}
