/** The tasks of one job, page by page. */
import type { JobAnswer, PageAnswer, TaskAnswer } from '@longshore/core/protocol';
import { Link } from 'wouter';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Listed } from '../design/listed.js';
import { State } from '../design/marks.js';
import { useChoice } from '../design/pages.js';
import { Nothing } from '../design/says.js';
import { StateChoices } from '../design/state-choices.js';
import { Id, Stranger } from '../design/stranger.js';
import { Table } from '../design/table.js';
import { Ago } from '../design/time.js';
import { useNow } from '../live/now.js';
import { duration, whole } from '../words/quantities.js';
import { taskStates } from '../words/states.js';

export function JobTasks({ job }: { job: JobAnswer }) {
  const [state] = useChoice('state');
  const [after] = useChoice('after');
  const tasks = useAnswer<PageAnswer<TaskAnswer>>(
    paths.tasks(job.id, { after, ...(state !== undefined && { state }) }),
    {
      keep: true,
    },
  );
  return (
    <>
      <StateChoices
        states={taskStates}
        label={(each) => (
          <>
            {each} <span className="faint">{whole(job.tasks[each])}</span>
          </>
        )}
      />
      <div className="card">
        <Listed
          answer={tasks}
          lines={8}
          nothing={
            <Nothing title={state === undefined ? 'No task was cut yet' : `No task is ${state}`}>
              {job.scan !== 'done' && 'The input is being listed; tasks appear as they are cut.'}
            </Nothing>
          }
        >
          {(items) => <TaskTable tasks={items} />}
        </Listed>
      </div>
    </>
  );
}

function TaskTable({ tasks }: { tasks: readonly TaskAnswer[] }) {
  return (
    <Table
      head={
        <>
          <th>State</th>
          <th>Objects</th>
          <th>Task</th>
          <th className="number">Failed</th>
          <th className="number">Lost</th>
          <th>Where</th>
          <th className="number">Ended</th>
        </>
      }
    >
      {tasks.map((task) => (
        <Row key={task.id} task={task} />
      ))}
    </Table>
  );
}

function Row({ task }: { task: TaskAnswer }) {
  const [first = ''] = task.file_names;
  return (
    <tr className="way">
      <td>
        <State of={task.state} />
      </td>
      <td>
        <span className="name">
          <Link href={`/tasks/${encodeURIComponent(task.id)}`}>
            <Stranger text={first} mono />
          </Link>
        </span>
        {task.object_count > 1 && <span className="second">and {whole(task.object_count - 1)} more</span>}
        {task.failure && (
          <span className="second">
            {task.failure.code}: <Stranger text={firstSentence(task.failure.message)} />
          </span>
        )}
      </td>
      <td data-name="Task">
        <Id id={task.id} />
      </td>
      <td className="number" data-name="Failed">
        {task.failed_attempts}
      </td>
      <td className="number" data-name="Lost">
        {task.losses}
      </td>
      <td data-name="Where">
        <Where task={task} />
      </td>
      <td className="number" data-name="Ended">
        {task.ended_at === undefined ? '–' : <Ago at={task.ended_at} />}
      </td>
    </tr>
  );
}

function Where({ task }: { task: TaskAnswer }) {
  const now = useNow();
  if (task.worker_id !== undefined) {
    return (
      <>
        worker <Id id={task.worker_id} />
      </>
    );
  }
  if (task.state !== 'available') return '–';
  const wait = (Date.parse(task.available_at) - now) / 1000;
  return wait > 0 ? `again in ${duration(Math.ceil(wait))}` : 'waits for a slot';
}

function firstSentence(text: string): string {
  return text.length > 140 ? `${text.slice(0, 140)}…` : text;
}
