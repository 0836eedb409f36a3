/** Numbers over all jobs. */
import type {
  JobStatusCount,
  JobTypeCount,
  OverviewAnswer,
  PageAnswer,
  ProcessingTimeAnswer,
  TaskStatusCount,
  TimelineEntry,
} from '@longshore/core/protocol';
import { useMemo } from 'react';
import { Bars } from '../charts/bars.js';
import { TimeChart, type Line } from '../charts/time-chart.js';
import { paths } from '../api/paths.js';
import { useAnswer } from '../api/queries.js';
import { State } from '../design/marks.js';
import { Card, Figures, useTitle } from '../design/page.js';
import { useChoice } from '../design/pages.js';
import { Nothing, Shown } from '../design/says.js';
import { Stranger } from '../design/stranger.js';
import { counted, duration, whole } from '../words/quantities.js';
import { Spread } from './job-pace.js';

const markOf: Record<JobStatusCount['status'] | TaskStatusCount['status'], string> = {
  pending: 'mark-cancelled',
  running: 'mark-leased',
  paused: 'mark-accepted',
  completed: 'mark-completed',
  failed: 'mark-dead',
  cancelled: 'mark-cancelled',
  available: 'mark-cancelled',
  leased: 'mark-leased',
  accepted: 'mark-accepted',
  dead: 'mark-dead',
  split: 'mark-cancelled',
};

export function Analytics() {
  useTitle('Analytics');
  const overview = useAnswer<OverviewAnswer>(paths.analytics('overview'));
  const time = useAnswer<ProcessingTimeAnswer>(paths.analytics('processing-time-stats'));
  return (
    <>
      <h1>Analytics</h1>
      <Shown answer={overview} lines={2}>
        {(all) => <Overview all={all} />}
      </Shown>
      <Timeline />
      <div className="columns even">
        <ByStatus title="Jobs by state" what="jobs-by-status" />
        <ByStatus title="Tasks by state" what="tasks-by-status" />
        <ByType />
        <Card title="How long tasks take">
          <Shown answer={time} lines={2}>
            {(stats) => (stats.count === 0 ? <Nothing title="No task completed yet" /> : <Spread time={stats} />)}
          </Shown>
        </Card>
      </div>
    </>
  );
}

function Overview({ all }: { all: OverviewAnswer }) {
  const { success_rate: success, avg_processing_time_seconds: mean } = all;
  return (
    <Figures
      figures={[
        ['Jobs', whole(all.total_jobs), `${whole(all.running_jobs)} running, ${whole(all.paused_jobs)} paused`],
        [
          'Success',
          success === undefined ? '–' : `${Math.round(success)} %`,
          `${whole(all.completed_jobs)} completed, ${whole(all.failed_jobs)} failed`,
        ],
        ['Tasks', whole(all.total_tasks), `${whole(all.running_tasks)} running, ${whole(all.pending_tasks)} waiting`],
        [
          'Dead letters',
          <span key="d" className={all.failed_tasks > 0 ? 'bad-text' : ''}>
            {whole(all.failed_tasks)}
          </span>,
          counted(all.failed_objects, 'object'),
        ],
        ['Objects done', whole(all.completed_objects), `of ${whole(all.total_objects)}`],
        [
          'Mean task',
          mean === undefined ? '–' : duration(mean),
          `${duration(all.total_processing_time_seconds)} in all`,
        ],
      ]}
    />
  );
}

const spans = [7, 14, 30];

function Timeline() {
  const [chosen, choose] = useChoice('days');
  const days = spans.find((span) => String(span) === chosen) ?? 7;
  const timeline = useAnswer<PageAnswer<TimelineEntry>>(paths.analytics('timeline', days), { keep: true });
  return (
    <Card
      title="Jobs submitted"
      aside={
        <div className="choices" role="group" aria-label="Days">
          {spans.map((span) => (
            <button
              key={span}
              type="button"
              aria-pressed={days === span}
              onClick={() => choose(span === 7 ? undefined : String(span))}
            >
              {span} days
            </button>
          ))}
        </div>
      }
    >
      <Shown answer={timeline}>{({ items }) => <TimelineChart days={items} />}</Shown>
    </Card>
  );
}

function TimelineChart({ days }: { days: readonly TimelineEntry[] }) {
  const times = useMemo(() => days.map(({ date }) => Date.parse(date) / 1000), [days]);
  const lines = useMemo(
    (): Line[] => [
      { name: 'jobs', as: 'bars', colour: '--mark-working', values: days.map(({ count }) => count), format: whole },
    ],
    [days],
  );
  const total = days.reduce((sum, { count }) => sum + count, 0);
  return (
    <TimeChart
      times={times}
      lines={lines}
      label={`${counted(total, 'job')} submitted in ${counted(days.length, 'day')}`}
      height={170}
    />
  );
}

function ByStatus({ title, what }: { title: string; what: 'jobs-by-status' | 'tasks-by-status' }) {
  const answer = useAnswer<PageAnswer<JobStatusCount | TaskStatusCount>>(paths.analytics(what));
  return (
    <Card title={title}>
      <Shown answer={answer}>
        {({ items }) =>
          items.every(({ count }) => count === 0) ? (
            <Nothing title="Nothing yet" />
          ) : (
            <Bars
              bars={items.map(({ status, count }) => ({
                key: status,
                name: <State of={status} />,
                count,
                mark: markOf[status],
              }))}
            />
          )
        }
      </Shown>
    </Card>
  );
}

function ByType() {
  const answer = useAnswer<PageAnswer<JobTypeCount>>(paths.analytics('jobs-by-type'));
  return (
    <Card title="Jobs by plugin">
      <Shown answer={answer}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title="Nothing yet" />
          ) : (
            <Bars
              bars={items.map(({ job_type: type, count }) => ({ key: type, name: <Stranger text={type} />, count }))}
            />
          )
        }
      </Shown>
    </Card>
  );
}
