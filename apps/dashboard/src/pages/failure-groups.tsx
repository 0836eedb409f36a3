/** Failures of a job grouped by cause, and what can be done about each. */
import type { FailureGroupAnswer, JobAnswer, PageAnswer, RedriveAnswer, TaskAnswer } from '@longshore/core/protocol';
import { useState } from 'react';
import { Link } from 'wouter';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Action } from '../design/action.js';
import { Opener } from '../design/opener.js';
import { Nothing, Shown } from '../design/says.js';
import { Id, Log, Stranger } from '../design/stranger.js';
import { Ago } from '../design/time.js';
import { Turner } from '../design/turner.js';
import { counted, whole } from '../words/quantities.js';
import { redriven } from '../words/redriven.js';
import { commandLine } from '../words/shell.js';

type JobId = Pick<JobAnswer, 'id' | 'state'>;

/** Who has to act, by class. */
const classes: Record<FailureGroupAnswer['class'], string> = {
  job: 'the command or its input',
  resource: 'too little memory, time or disk',
  infra: 'a machine, a network or a service',
  config: 'the job or the installation',
};

export function FailureGroups({ job, groups }: { job: JobId; groups: readonly FailureGroupAnswer[] }) {
  return (
    <ul className="groups">
      {groups.map((group) => (
        <Group key={group.id} job={job} group={group} />
      ))}
    </ul>
  );
}

function Group({ job, group }: { job: JobId; group: FailureGroupAnswer }) {
  const [isOpen, setOpen] = useState(false);
  const { id, code, dead_tasks: dead, dead_objects: objects, failed_attempts: attempts } = group;
  return (
    <li className="stack">
      <div className="group-head">
        <b className="mono">{code}</b>
        <span className="small faint">{classes[group.class]}</span>
        <span className="small">
          {dead > 0 ? (
            <b className="bad-text">{counted(objects, 'dead object')}</b>
          ) : (
            <span className="soft">nothing dead</span>
          )}
          <span className="faint">
            {' '}
            · {counted(attempts, 'failed attempt')} · last <Ago at={group.last_at} />
          </span>
        </span>
        <div className="buttons">
          {dead > 0 && <Opener isOpen={isOpen} setOpen={setOpen} what="letters" />}
          {dead > 0 && job.state !== 'cancelled' && (
            <Action<RedriveAnswer>
              name="Redrive this group"
              label="Redrive group"
              tight
              path={`${paths.job(job.id)}/redrive`}
              body={{ group: id }}
              command={commandLine('redrive', job.id, '--group', id)}
              result={redriven}
            >
              <p>
                {counted(objects, 'object that is dead', 'objects that are dead')} of this cause{' '}
                {objects === 1 ? 'is' : 'are'} tried again, with full budgets.
              </p>
            </Action>
          )}
        </div>
      </div>
      <p className="small soft">
        <Stranger text={group.pattern} />{' '}
        <span className="faint nowrap">
          For instance task{' '}
          <Link href={`/tasks/${encodeURIComponent(group.example_task_id)}`}>
            <Id id={group.example_task_id} />
          </Link>
          .
        </span>
      </p>
      {isOpen && <Letters job={job} group={id} />}
    </li>
  );
}

function Letters({ job, group }: { job: JobId; group: string }) {
  const [cursors, setCursors] = useState<string[]>([]);
  const letters = useAnswer<PageAnswer<TaskAnswer>>(
    paths.deadLetters(job.id, { group, limit: 10, after: cursors.at(-1) }),
    { keep: true },
  );
  return (
    <Shown answer={letters} lines={3}>
      {({ items, next }) => (
        <>
          <LetterTable job={job} letters={items} />
          <Turner cursors={cursors} setCursors={setCursors} next={next} className="buttons" />
        </>
      )}
    </Shown>
  );
}

export function LetterTable({ job, letters }: { job: JobId; letters: readonly TaskAnswer[] }) {
  if (letters.length === 0) return <Nothing title="None is left" />;
  return (
    <ul className="stack">
      {letters.map((task) => (
        <Letter key={task.id} job={job} task={task} />
      ))}
    </ul>
  );
}

function Letter({ job, task }: { job: JobId; task: TaskAnswer }) {
  const [first = ''] = task.file_names;
  const more = task.object_count - 1;
  return (
    <li className="notice">
      <div className="group-head" style={{ width: '100%' }}>
        <Link href={`/tasks/${encodeURIComponent(task.id)}`}>
          <Stranger text={first} mono />
          {more > 0 && <span className="small"> and {whole(more)} more</span>}
        </Link>
        <span className="small faint">
          {counted(task.failed_attempts, 'attempt')} failed, {whole(task.losses)} lost
        </span>
        <div className="buttons">
          {job.state !== 'cancelled' && (
            <Action<RedriveAnswer>
              name="Redrive this one"
              label="Redrive"
              tight
              path={`${paths.job(job.id)}/redrive`}
              body={{ task: task.id }}
              command={commandLine('redrive', job.id, '--task', task.id)}
              result={redriven}
            >
              <p>This task alone is tried again, with full budgets.</p>
            </Action>
          )}
        </div>
      </div>
      {task.failure && (
        <p className="small">
          <Stranger text={task.failure.message} />
        </p>
      )}
      {task.failure?.log !== undefined && task.failure.log.trim() !== '' && (
        <details style={{ width: '100%' }}>
          <summary>Last lines of its container</summary>
          <Log text={task.failure.log} label={`Last lines of task ${task.id}`} />
        </details>
      )}
    </li>
  );
}
