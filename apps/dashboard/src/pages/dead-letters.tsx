/** Dead letters of all jobs, newest job first, by cause. */
import type {
  FailureGroupAnswer,
  JobPageAnswer,
  JobSummary,
  PageAnswer,
  RedriveAnswer,
} from '@longshore/core/protocol';
import { Link } from 'wouter';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Action } from '../design/action.js';
import { State } from '../design/marks.js';
import { useTitle } from '../design/page.js';
import { Pager, useChoice } from '../design/pages.js';
import { Nothing, Shown } from '../design/says.js';
import { shortId, Stranger } from '../design/stranger.js';
import { counted } from '../words/quantities.js';
import { redriven } from '../words/redriven.js';
import { commandLine } from '../words/shell.js';
import { FailureGroups } from './failure-groups.js';

export function DeadLetters() {
  useTitle('Dead letters');
  const [after] = useChoice('after');
  const jobs = useAnswer<JobPageAnswer>(paths.jobs({ after }), { keep: true });
  return (
    <>
      <div className="stack">
        <h1>Dead letters</h1>
        <p className="soft">
          What is out of attempts is set aside with its reason. Mend the cause, then redrive one, a group or all of a
          job.
        </p>
      </div>
      <Shown answer={jobs}>
        {({ items, next }) => {
          const withDead = items.filter(({ failed_tasks: dead }) => dead > 0);
          return (
            <>
              {withDead.map((job) => (
                <OfJob key={job.id} job={job} />
              ))}
              {withDead.length === 0 && (
                <div className="card">
                  <Nothing
                    title={
                      next === undefined && after === undefined ? 'No dead letters' : 'No dead letters among these jobs'
                    }
                  >
                    Every object of every job here is done, or still has attempts left.
                  </Nothing>
                </div>
              )}
              <Pager next={next} />
            </>
          );
        }}
      </Shown>
    </>
  );
}

function OfJob({ job }: { job: JobSummary }) {
  const groups = useAnswer<PageAnswer<FailureGroupAnswer>>(paths.failures(job.id, { limit: 10 }));
  const at = `/jobs/${encodeURIComponent(job.id)}`;
  return (
    <section className="card" aria-label={`Dead letters of job ${job.id}`}>
      <header>
        <div className="title-row">
          <h2>
            <Link href={at}>
              <Stranger text={job.plugin} /> <span className="mono">{shortId(job.id)}</span>
            </Link>
          </h2>
          <State of={job.state} />
          <span className="small bad-text">{counted(job.objects.dead, 'dead object')}</span>
        </div>
        {job.state !== 'cancelled' && (
          <Action<RedriveAnswer>
            name="Redrive all of this job"
            label="Redrive all"
            tight
            path={`${paths.job(job.id)}/redrive`}
            command={commandLine('redrive', job.id)}
            result={redriven}
          >
            <p>{counted(job.objects.dead, 'dead object is', 'dead objects are')} tried again, with full budgets.</p>
          </Action>
        )}
      </header>
      <div className="flush">
        <Shown answer={groups} lines={2}>
          {({ items, next }) => (
            <>
              <FailureGroups job={job} groups={items.filter(({ dead_tasks: dead }) => dead > 0)} />
              {next !== undefined && (
                <div className="pager">
                  <Link href={`${at}/dead-letters`}>All causes</Link>
                </div>
              )}
            </>
          )}
        </Shown>
      </div>
    </section>
  );
}
