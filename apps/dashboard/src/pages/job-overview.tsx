/** How a job goes: failures by cause first, then progress, speed, durations, stragglers and what was submitted. */
import type {
  ExplainAnswer,
  FailureGroupAnswer,
  JobAnalyticsAnswer,
  JobAnswer,
  PageAnswer,
} from '@longshore/core/protocol';
import { Link } from 'wouter';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { Progress } from '../design/marks.js';
import { Card, Figures } from '../design/page.js';
import { Shown } from '../design/says.js';
import { Stranger } from '../design/stranger.js';
import { Lasting } from '../design/time.js';
import { useNow } from '../live/now.js';
import { isOver, meanRate, objectStates, secondsLeft, totalOf } from '../words/progress.js';
import { bytes, duration, percent, rate, whole } from '../words/quantities.js';
import { FailureGroups } from './failure-groups.js';
import { JobFacts } from './job-facts.js';
import { JobReports } from './job-reports.js';
import { Durations, Stragglers, Throughput } from './job-pace.js';

export function JobOverview({ job }: { job: JobAnswer }) {
  const analytics = useAnswer<JobAnalyticsAnswer>(paths.jobAnalytics(job.id));
  const failures = useAnswer<PageAnswer<FailureGroupAnswer>>(paths.failures(job.id, { limit: 5 }));
  const explanation = useAnswer<ExplainAnswer>(paths.jobExplain(job.id), { when: job.state !== 'completed' });
  const groups = failures.data?.items ?? [];

  return (
    <>
      <Numbers job={job} analytics={analytics.data} />
      <ProgressCard job={job} />
      {groups.length > 0 && (
        <Card
          title="Failures by cause"
          flush
          aside={
            failures.data?.next !== undefined && (
              <Link href={`/jobs/${encodeURIComponent(job.id)}/dead-letters`}>All causes</Link>
            )
          }
        >
          <FailureGroups job={job} groups={groups} />
        </Card>
      )}
      {job.state !== 'completed' && (
        <Card title={isOver(job) ? 'Why it ended so' : 'Why it is where it is'}>
          <Shown answer={explanation} lines={2}>
            {({ sentences }) => (
              <ul className="sentences">
                {sentences.map((sentence, at) => (
                  <li key={at}>
                    <Stranger text={sentence} />
                  </li>
                ))}
              </ul>
            )}
          </Shown>
        </Card>
      )}
      <Shown answer={analytics}>
        {(data) => (
          <>
            <div className="columns even">
              <Throughput analytics={data} />
              <Durations analytics={data} />
            </div>
            {data.stragglers.length > 0 && <Stragglers stragglers={data.stragglers} saidAt={analytics.dataUpdatedAt} />}
          </>
        )}
      </Shown>
      <JobReports job={job} />
      <JobFacts job={job} />
    </>
  );
}

function Numbers({ job, analytics }: { job: JobAnswer; analytics: JobAnalyticsAnswer | undefined }) {
  const now = useNow();
  const total = totalOf(job);
  const over = isOver(job);
  const mean = meanRate(job, now);
  const speed = over ? mean : (analytics?.objects_per_second ?? mean);
  const left = over ? undefined : (analytics?.seconds_left ?? secondsLeft(job, now));
  const size = objectStates.reduce((sum, state) => sum + job.bytes[state], 0);
  return (
    <Figures
      figures={[
        ['Done', percent(job.objects.completed, total), `${whole(job.objects.completed)} of ${whole(total)} objects`],
        [
          'Dead',
          <span className={job.objects.dead > 0 ? 'bad-text' : ''}>{whole(job.objects.dead)}</span>,
          'objects set aside',
        ],
        [over ? 'Mean speed' : 'Speed', speed === undefined ? '–' : rate(speed), 'objects'],
        over
          ? ['Took', job.started_at === undefined ? '–' : <Lasting from={job.started_at} to={job.ended_at} />]
          : [
              'Time left',
              left === undefined ? '–' : duration(Math.round(left)),
              left === undefined ? 'nobody can say yet' : 'at this speed',
            ],
        [
          'Input',
          bytes(size),
          job.scan === 'done' ? 'listed to the end' : over ? 'not listed to the end' : 'listing goes on',
        ],
      ]}
    />
  );
}

const names = {
  completed: 'done',
  accepted: 'being published',
  leased: 'being worked on',
  dead: 'dead',
  cancelled: 'cancelled',
  available: 'waiting',
} as const;

function ProgressCard({ job }: { job: JobAnswer }) {
  return (
    <Card title="Progress" aside={<span className="small faint">objects by state</span>}>
      <div className="stack">
        <Progress job={job} tall />
        <ul className="legend">
          {objectStates.map((state) => (
            <li key={state}>
              <span className={`swatch mark-${state}`} />
              <Link href={`/jobs/${encodeURIComponent(job.id)}/tasks?state=${state}`}>
                <b>{whole(job.objects[state])}</b> {names[state]}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
