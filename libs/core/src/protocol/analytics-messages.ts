/** Numbers about jobs and tasks. Names of fields are those of system 001, which had most of them first. */
import 'reflect-metadata';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { durationStatistics, type DurationCount } from '../lifecycle/durations.js';
import { jobStates, sumOver, type JobCounts, type JobState } from '../words/job.js';
import { taskStates, type TaskState } from '../words/task.js';

export class TimelineQuery {
  /** How many days back, today included; 7 where nothing is said. */
  @IsOptional() @Type(() => Number) @IsInt() @Min(1) @Max(30) days?: number;
}

export interface OverviewAnswer {
  total_jobs: number;
  completed_jobs: number;
  failed_jobs: number;
  running_jobs: number;
  pending_jobs: number;
  paused_jobs: number;
  cancelled_jobs: number;
  /** Of the jobs that were completed or failed, in percent; absent while there is none. */
  success_rate?: number;
  total_tasks: number;
  completed_tasks: number;
  /** Dead letters. */
  failed_tasks: number;
  /** Leased, or accepted and being published. */
  running_tasks: number;
  /** Available. */
  pending_tasks: number;
  total_objects: number;
  completed_objects: number;
  failed_objects: number;
  avg_processing_time_seconds?: number;
  total_processing_time_seconds: number;
}

export interface JobTypeCount {
  /** The plugin. */
  job_type: string;
  count: number;
}

export interface JobStatusCount {
  status: JobState;
  count: number;
}

export interface TaskStatusCount {
  status: TaskState;
  count: number;
}

export interface TimelineEntry {
  /** A day, UTC. */
  date: string;
  /** Jobs created on it. */
  count: number;
}

/**
 * How long completed tasks were held by their workers. Smallest, largest and mean are exact; median and 95th percentile come from a histogram
 * and are within 5 % of the truth.
 */
export interface ProcessingTimeAnswer {
  count: number;
  min_seconds?: number;
  max_seconds?: number;
  avg_seconds?: number;
  median_seconds?: number;
  p95_seconds?: number;
}

export interface ThroughputAnswer {
  /** Length of each step, in seconds. */
  step_seconds: number;
  steps: ThroughputStep[];
}

export interface ThroughputStep {
  /** Where the step begins. */
  at: string;
  completed_tasks: number;
  completed_objects: number;
  completed_bytes: number;
  /** Attempts that failed or were lost. */
  failed_attempts: number;
}

export interface DurationBucket {
  from_seconds: number;
  to_seconds: number;
  count: number;
}

export interface StragglerAnswer {
  task_id: string;
  worker_id: string;
  attempt: number;
  object_count: number;
  elapsed_seconds: number;
  /** How many times the median of the job's completed tasks; absent while there is none. */
  times_median?: number;
}

/** Everything the page of one job shows beside the job itself, for the price of a few small reads. */
export interface JobAnalyticsAnswer {
  job_id: string;
  processing_time: ProcessingTimeAnswer;
  /** At most 120 steps, which share the life of the job. */
  throughput: ThroughputAnswer;
  /** At most 40. */
  durations: DurationBucket[];
  /** The ten tasks that are held longest now. */
  stragglers: StragglerAnswer[];
  /** Objects per second over the last minutes of work; absent before anything was completed. */
  objects_per_second?: number;
  /** Until the listed objects are settled, at that speed; absent where nobody can say. */
  seconds_left?: number;
}

export function processingTimeAnswer(durations: readonly DurationCount[]): ProcessingTimeAnswer {
  const found = durationStatistics(durations);
  if (!found) return { count: 0 };
  return {
    count: found.count,
    min_seconds: found.minMs / 1000,
    max_seconds: found.maxMs / 1000,
    avg_seconds: found.sumMs / found.count / 1000,
    median_seconds: found.medianMs / 1000,
    p95_seconds: found.p95Ms / 1000,
  };
}

export function overviewAnswer(
  jobs: readonly { state: JobState; count: number }[],
  { tasks, objects }: JobCounts,
  durations: readonly DurationCount[],
): OverviewAnswer {
  const counts = new Map(jobs.map(({ state, count }) => [state, count]));
  const [pending = 0, running = 0, paused = 0, completed = 0, failed = 0, cancelled = 0] = jobStates.map((state) =>
    counts.get(state),
  );
  const found = durationStatistics(durations);
  return {
    total_jobs: pending + running + paused + completed + failed + cancelled,
    completed_jobs: completed,
    failed_jobs: failed,
    running_jobs: running,
    pending_jobs: pending,
    paused_jobs: paused,
    cancelled_jobs: cancelled,
    ...(completed + failed > 0 && { success_rate: (100 * completed) / (completed + failed) }),
    total_tasks: sumOver(tasks, taskStates) - tasks.split,
    completed_tasks: tasks.completed,
    failed_tasks: tasks.dead,
    running_tasks: tasks.leased + tasks.accepted,
    pending_tasks: tasks.available,
    total_objects: sumOver(objects, taskStates) - objects.split,
    completed_objects: objects.completed,
    failed_objects: objects.dead,
    ...(found && { avg_processing_time_seconds: found.sumMs / found.count / 1000 }),
    total_processing_time_seconds: (found?.sumMs ?? 0) / 1000,
  };
}
