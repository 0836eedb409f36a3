/** One job: what it is, what can be done with it, and its parts. */
import type { JobAnswer, RedriveAnswer } from '@longshore/core/protocol';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Action } from '../design/action.js';
import { State } from '../design/marks.js';
import { Crumbs, Tabs, useTitle } from '../design/page.js';
import { Shown } from '../design/says.js';
import { shortId, Stranger } from '../design/stranger.js';
import { counted, whole } from '../words/quantities.js';
import { commandLine } from '../words/shell.js';
import { redriven } from '../words/redriven.js';
import { JobDead } from './job-dead.js';
import { JobOverview } from './job-overview.js';
import { JobTasks } from './job-tasks.js';
import { ManifestButton } from './manifest-button.js';
import { Nowhere } from './nowhere.js';

export function JobPage({ id, part }: { id: string; part: string | undefined }) {
  const answer = useAnswer<JobAnswer>(paths.job(id));
  useTitle(answer.data ? `${answer.data.plugin} ${shortId(id)}` : 'Job');
  if (part !== undefined && part !== 'tasks' && part !== 'dead-letters') return <Nowhere />;
  return (
    <Shown answer={answer}>
      {(job) => (
        <>
          <Head job={job} />
          {part === undefined && <JobOverview job={job} />}
          {part === 'tasks' && <JobTasks job={job} />}
          {part === 'dead-letters' && <JobDead job={job} />}
        </>
      )}
    </Shown>
  );
}

function Head({ job }: { job: JobAnswer }) {
  const at = `/jobs/${encodeURIComponent(job.id)}`;
  return (
    <>
      <Crumbs way={[['Jobs', '/']]} />
      <div className="page-head">
        <div className="title-row">
          <h1>
            <Stranger text={job.plugin} /> <span className="mono faint">{job.id}</span>
          </h1>
          <State of={job.state} />
        </div>
        <Steering job={job} />
      </div>
      {job.failure && job.state !== 'completed' && <WhatWentWrong job={job} />}
      <Tabs
        tabs={[
          ['Overview', at],
          [`Tasks ${whole(job.total_tasks)}`, `${at}/tasks`],
          [`Dead letters ${whole(job.failed_tasks)}`, `${at}/dead-letters`],
        ]}
      />
    </>
  );
}

function WhatWentWrong({ job: { failure, state } }: { job: JobAnswer }) {
  if (!failure) return undefined;
  return (
    <div className={`notice ${state === 'paused' ? 'warn' : 'bad'}`}>
      <p>
        <Stranger text={failure.message} />
      </p>
      <code className="small faint">{failure.code}</code>
    </div>
  );
}

function Steering({ job }: { job: JobAnswer }) {
  const { id, state } = job;
  const steer = (how: string) => `${paths.job(id)}/${how}`;
  const isOpen = ['pending', 'running', 'paused'].includes(state);
  return (
    <div className="buttons">
      {state === 'running' && (
        <Action<JobAnswer> name="Pause" path={steer('pause')} command={commandLine('pause', id)} result={isNow}>
          <p>No more tasks are leased. What is being worked on goes on to its end.</p>
        </Action>
      )}
      {state === 'paused' && (
        <Action<JobAnswer>
          name="Resume"
          tone="main"
          path={steer('resume')}
          command={commandLine('resume', id)}
          result={isNow}
        >
          <p>Tasks are leased again. Mend first what made the job pause, if it paused by itself.</p>
        </Action>
      )}
      {job.failed_tasks > 0 && state !== 'cancelled' && (
        <Action<RedriveAnswer>
          name="Redrive all"
          path={steer('redrive')}
          command={commandLine('redrive', id)}
          result={redriven}
        >
          <p>
            {counted(job.objects.dead, 'dead object is', 'dead objects are')} tried again, with full budgets. Mend the
            cause first; otherwise they come back.
          </p>
        </Action>
      )}
      {job.objects.completed > 0 && <ManifestButton id={id} />}
      {isOpen && (
        <Action<JobAnswer>
          result={isNow}
          name="Cancel the job"
          label="Cancel"
          tone="danger"
          path={steer('cancel')}
          command={commandLine('cancel', id)}
        >
          <p>
            The job ends for good. What is being worked on is thrown away; what is published stays where it is. This
            cannot be undone.
          </p>
        </Action>
      )}
    </div>
  );
}

function isNow({ state }: JobAnswer): string {
  return `The job is ${state}.`;
}
