/** How fast a job goes, how long its tasks take, and which take too long. */
import type { JobAnalyticsAnswer, ProcessingTimeAnswer, StragglerAnswer } from '@longshore/core/protocol';
import { useMemo } from 'react';
import { Link } from 'wouter';
import { Histogram } from '../charts/histogram.js';
import { TimeChart, type Line } from '../charts/time-chart.js';
import { Card } from '../design/page.js';
import { Nothing } from '../design/says.js';
import { Id } from '../design/stranger.js';
import { Table } from '../design/table.js';
import { Since } from '../design/time.js';
import { duration, rate, rateBeside, whole } from '../words/quantities.js';

export function Throughput({ analytics: { throughput } }: { analytics: JobAnalyticsAnswer }) {
  const { steps, step_seconds: length } = throughput;
  const times = useMemo(() => steps.map(({ at }) => Date.parse(at) / 1000), [steps]);
  const most = Math.max(0, ...steps.map((step) => step.completed_objects / length));
  const lines = useMemo(
    (): Line[] => [
      {
        name: 'done',
        as: 'area',
        colour: '--mark-working',
        values: steps.map((step) => step.completed_objects / length),
        format: rateBeside(most),
      },
      {
        name: 'failed attempts',
        as: 'bars',
        colour: '--mark-dead',
        aside: true,
        values: steps.map((step) => step.failed_attempts),
        format: whole,
      },
    ],
    [steps, length, most],
  );
  const failed = steps.reduce((sum, step) => sum + step.failed_attempts, 0);
  const said = `Objects done over time, ${rate(most)} at most; ${whole(failed)} attempts failed`;
  return (
    <Card title="Throughput" aside={<span className="small faint">objects, in steps of {duration(length)}</span>}>
      {steps.length < 2 || (most === 0 && failed === 0) ? (
        <Nothing title="Nothing is done yet">The chart begins with the first task that ends.</Nothing>
      ) : (
        <TimeChart times={times} lines={lines} label={said} />
      )}
    </Card>
  );
}

export function Durations({ analytics: { durations, processing_time: time } }: { analytics: JobAnalyticsAnswer }) {
  return (
    <Card title="How long tasks take" aside={<span className="small faint">tasks that completed</span>}>
      {durations.length === 0 ? (
        <Nothing title="No task completed yet" />
      ) : (
        <div className="stack">
          <Histogram buckets={durations} thing="task" />
          <Spread time={time} />
        </div>
      )}
    </Card>
  );
}

export function Spread({ time }: { time: ProcessingTimeAnswer }) {
  const values: [string, number | undefined][] = [
    ['shortest', time.min_seconds],
    ['median', time.median_seconds],
    ['mean', time.avg_seconds],
    ['95 of 100 within', time.p95_seconds],
    ['longest', time.max_seconds],
  ];
  return (
    <dl className="legend">
      {values.map(([name, seconds]) =>
        seconds === undefined ? undefined : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <b>{duration(seconds)}</b>
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

export function Stragglers({ stragglers, saidAt }: { stragglers: readonly StragglerAnswer[]; saidAt: number }) {
  return (
    <Card title="Held longest" aside={<span className="small faint">tasks that are being worked on now</span>} flush>
      <Table
        head={
          <>
            <th>Task</th>
            <th>Worker</th>
            <th className="number">Attempt</th>
            <th className="number">Objects</th>
            <th className="number">For</th>
            <th className="number">Times the median</th>
          </>
        }
      >
        {stragglers.map((task) => (
          <tr key={task.task_id}>
            <td data-name="Task">
              <Link href={`/tasks/${encodeURIComponent(task.task_id)}`}>
                <Id id={task.task_id} />
              </Link>
            </td>
            <td data-name="Worker">
              <Link href={`/workers/${encodeURIComponent(task.worker_id)}`}>
                <Id id={task.worker_id} />
              </Link>
            </td>
            <td className="number" data-name="Attempt">
              {task.attempt}
            </td>
            <td className="number" data-name="Objects">
              {whole(task.object_count)}
            </td>
            <td className="number" data-name="For">
              <Since seconds={task.elapsed_seconds} saidAt={saidAt} />
            </td>
            <td className="number" data-name="Times median">
              {task.times_median === undefined ? '–' : `${task.times_median.toFixed(1)} ×`}
            </td>
          </tr>
        ))}
      </Table>
    </Card>
  );
}
