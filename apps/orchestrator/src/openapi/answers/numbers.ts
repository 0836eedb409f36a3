/** Schemas of numbers. */
import type {
  DurationBucket,
  JobAnalyticsAnswer,
  JobStatusCount,
  JobTypeCount,
  OverviewAnswer,
  ProcessingTimeAnswer,
  StragglerAnswer,
  TaskStatusCount,
  ThroughputAnswer,
  ThroughputStep,
  TimelineEntry,
} from '@longshore/core/protocol';
import { amount, explained, fields, integer, list, maybe, named, text, time } from '../schema-words.js';
import { jobState } from './jobs.js';
import { taskState } from './tasks.js';

export const overview = fields<OverviewAnswer>({
  total_jobs: integer(),
  completed_jobs: integer(),
  failed_jobs: integer(),
  running_jobs: integer(),
  pending_jobs: integer(),
  paused_jobs: integer(),
  cancelled_jobs: integer(),
  success_rate: maybe(explained(amount(), 'Of the jobs that were completed or failed, in percent.')),
  total_tasks: integer(),
  completed_tasks: integer(),
  failed_tasks: explained(integer(), 'Dead letters.'),
  running_tasks: explained(integer(), 'Leased or accepted.'),
  pending_tasks: explained(integer(), 'Available.'),
  total_objects: integer(),
  completed_objects: integer(),
  failed_objects: integer(),
  avg_processing_time_seconds: maybe(amount()),
  total_processing_time_seconds: amount(),
});

export const jobTypeCount = fields<JobTypeCount>({
  job_type: explained(text(), 'The plugin.'),
  count: integer(),
});
export const jobStatusCount = fields<JobStatusCount>({ status: jobState, count: integer() });
export const taskStatusCount = fields<TaskStatusCount>({ status: taskState, count: integer() });
export const timelineEntry = fields<TimelineEntry>({ date: text({ format: 'date' }), count: integer() });

export const processingTime = fields<ProcessingTimeAnswer>({
  count: integer(),
  min_seconds: maybe(amount()),
  max_seconds: maybe(amount()),
  avg_seconds: maybe(amount()),
  median_seconds: maybe(amount()),
  p95_seconds: maybe(amount()),
});

export const jobAnalytics = fields<JobAnalyticsAnswer>({
  job_id: text(),
  processing_time: named<ProcessingTimeAnswer>('ProcessingTime'),
  throughput: fields<ThroughputAnswer>({
    step_seconds: amount(),
    steps: list(
      fields<ThroughputStep>({
        at: time,
        completed_tasks: integer(),
        completed_objects: integer(),
        completed_bytes: integer(),
        failed_attempts: explained(integer(), 'Attempts that failed or were lost.'),
      }),
      { maxItems: 120 },
    ),
  }),
  durations: list(fields<DurationBucket>({ from_seconds: amount(), to_seconds: amount(), count: integer() }), {
    maxItems: 40,
  }),
  stragglers: list(
    fields<StragglerAnswer>({
      task_id: text(),
      worker_id: text(),
      attempt: integer(),
      object_count: integer(),
      elapsed_seconds: amount(),
      times_median: maybe(amount()),
    }),
    { maxItems: 10 },
  ),
  objects_per_second: maybe(explained(amount(), 'Over the last five minutes.')),
  seconds_left: maybe(explained(amount(), 'Until all is settled, at that speed.')),
});
