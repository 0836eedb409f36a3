/** One task: why it is where it is, its attempts with their logs, its objects and its outputs. */
import type { ExplainAnswer, RedriveAnswer, TaskDetailAnswer } from '@longshore/core/protocol';
import { Link } from 'wouter';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Action } from '../design/action.js';
import { Command } from '../design/command.js';
import { State } from '../design/marks.js';
import { Card, Crumbs, Facts, useTitle } from '../design/page.js';
import { Shown } from '../design/says.js';
import { Id, shortId, Stranger } from '../design/stranger.js';
import { Ago, Lasting } from '../design/time.js';
import { useNow } from '../live/now.js';
import { bytes, counted, duration, relative, whole } from '../words/quantities.js';
import { redriven } from '../words/redriven.js';
import { commandLine } from '../words/shell.js';
import { Attempts } from './attempts.js';
import { Objects, Outputs } from './task-files.js';

export function TaskPage({ id }: { id: string }) {
  useTitle(`Task ${shortId(id)}`);
  const answer = useAnswer<TaskDetailAnswer>(paths.task(id));
  return (
    <Shown answer={answer}>
      {(task) => (
        <>
          <Head task={task} />
          <div className="wide-left">
            <Why id={id} />
            <What task={task} />
          </div>
          <Attempts task={task} />
          <Objects task={task} />
          {task.manifest && <Outputs task={task} count={task.manifest.outputs} />}
        </>
      )}
    </Shown>
  );
}

function Head({ task }: { task: TaskDetailAnswer }) {
  const at = `/jobs/${encodeURIComponent(task.job_id)}`;
  return (
    <>
      <Crumbs
        way={[
          ['Jobs', '/'],
          [`Job ${shortId(task.job_id)}`, at],
          ['Tasks', `${at}/tasks`],
        ]}
      />
      <div className="page-head">
        <div className="title-row">
          <h1>
            Task <span className="mono faint">{task.id}</span>
          </h1>
          <State of={task.state} />
        </div>
        {task.state === 'dead' && (
          <Action<RedriveAnswer>
            name="Redrive this task"
            label="Redrive"
            path={`${paths.job(task.job_id)}/redrive`}
            body={{ task: task.id }}
            command={commandLine('redrive', task.job_id, '--task', task.id)}
            result={redriven}
          >
            <p>It is tried again, with full budgets. Mend the cause first; otherwise it comes back.</p>
          </Action>
        )}
      </div>
    </>
  );
}

function Why({ id }: { id: string }) {
  const explanation = useAnswer<ExplainAnswer>(paths.taskExplain(id));
  return (
    <Card title="Why it is where it is">
      <Shown answer={explanation} lines={3}>
        {({ sentences }) => (
          <div className="stack">
            <ul className="sentences">
              {sentences.map((sentence, at) => (
                <li key={at}>
                  <Stranger text={sentence} keep={'\n'} />
                </li>
              ))}
            </ul>
            <Command line={commandLine('explain', id)} />
          </div>
        )}
      </Shown>
    </Card>
  );
}

function What({ task }: { task: TaskDetailAnswer }) {
  const { lease, manifest } = task;
  const now = useNow();
  return (
    <Card title="What it is">
      <Facts
        facts={[
          ['Objects', counted(task.object_count, 'object')],
          ['Place', `from object ${whole(task.position + 1)} of the listing`],
          [
            'Attempts',
            `${whole(task.failed_attempts)} of ${whole(task.max_attempts)} failed, ${whole(task.losses)} of ${whole(task.max_losses)} lost`,
          ],
          ['Fence', whole(task.fence)],
          ['Worker', lease && <WorkerLink id={lease.worker_id} />],
          ['Leased for', lease && <Lasting from={lease.leased_at} />],
          [
            'Acknowledged',
            lease && (lease.acknowledged_at === undefined ? 'not yet' : <Ago at={lease.acknowledged_at} />),
          ],
          ['Lease ends', lease && `${relative(Date.parse(lease.expires_at), now)}, unless it is renewed`],
          [
            'Not before',
            task.state === 'available' && Date.parse(task.available_at) > now ? (
              <Ago at={task.available_at} />
            ) : undefined,
          ],
          ['Created', <Ago key="c" at={task.created_at} />],
          ['Ended', task.ended_at && <Ago at={task.ended_at} />],
          ['Ran', manifest && `${duration(manifest.duration_ms / 1000)}, exit code ${manifest.exit_code}`],
          ['Outputs', manifest && `${counted(manifest.outputs, 'file')}, ${bytes(manifest.size_bytes)}`],
          ['Image', manifest && <Stranger text={manifest.image_digest} mono />],
        ]}
      />
    </Card>
  );
}

export function WorkerLink({ id }: { id: string }) {
  return (
    <Link href={`/workers/${encodeURIComponent(id)}`}>
      <Id id={id} />
    </Link>
  );
}
