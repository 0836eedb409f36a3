/** One job in numbers. */
import { Injectable } from '@nestjs/common';
import {
  Clock,
  coarser,
  durationStatistics,
  JobStore,
  stepMs,
  stepOf,
  sumOver,
  type DurationStatistics,
  type Job,
  type TaskSummary,
  type WorkStep,
} from '@longshore/core';
import {
  isoTime,
  processingTimeAnswer,
  type JobAnalyticsAnswer,
  type StragglerAnswer,
  type ThroughputAnswer,
} from '@longshore/core/protocol';

const mostSteps = 120;
const mostBars = 40;
const stragglersShown = 10;
/** Speed is that of the last five minutes of work: long enough to be steady, short enough to notice that workers came or went. */
const speedMs = 300_000;

@Injectable()
export class JobNumbers {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
  ) {}

  async of(job: Job): Promise<JobAnalyticsAnswer> {
    const { insight } = this.store;
    const now = this.clock.now();
    const [durations, held, throughput, speed] = await Promise.all([
      insight.durations(job.id),
      insight.longestHeld(job.id, stragglersShown),
      this.throughput(job, now),
      this.objectsPerSecond(job, now),
    ]);
    const statistics = durationStatistics(durations);
    const left = secondsLeft(job, speed);
    return {
      job_id: job.id,
      processing_time: processingTimeAnswer(durations),
      throughput,
      durations: coarser(durations, mostBars).map(({ fromMs, toMs, count }) => ({
        from_seconds: fromMs / 1000,
        to_seconds: toMs / 1000,
        count,
      })),
      stragglers: held.map((task) => stragglerAnswer(task, statistics, now)),
      ...(speed !== undefined && { objects_per_second: speed }),
      ...(left !== undefined && { seconds_left: left }),
    };
  }

  private async throughput(job: Job, now: number): Promise<ThroughputAnswer> {
    const from = stepOf(job.startedAt ?? job.createdAt);
    const to = Math.max(from, stepOf(job.endedAt ?? now)) + stepMs;
    const length = stepMs * Math.ceil((to - from) / stepMs / mostSteps);
    const worked = await this.store.insight.work(job.id, { from, to, stepMs: length });
    const at = new Map(worked.map((step) => [step.at, step]));
    const starts = Array.from({ length: Math.ceil((to - from) / length) }, (_, index) => from + index * length);
    return { step_seconds: length / 1000, steps: starts.map((start) => stepAnswer(start, at.get(start))) };
  }

  private async objectsPerSecond(job: Job, now: number): Promise<number | undefined> {
    if (job.state !== 'running' || job.startedAt === undefined) return undefined;
    const from = Math.max(stepOf(job.startedAt), stepOf(now - speedMs));
    const worked = await this.store.insight.work(job.id, { from, to: now + 1, stepMs });
    const objects = worked.reduce((sum, step) => sum + step.objects, 0);
    return objects === 0 ? undefined : objects / Math.max(1, (now - Math.max(from, job.startedAt)) / 1000);
  }
}

function stepAnswer(start: number, step: WorkStep | undefined): ThroughputAnswer['steps'][number] {
  const { tasks = 0, objects = 0, bytes = 0, failedAttempts = 0 } = step ?? {};
  return {
    at: isoTime(start),
    completed_tasks: tasks,
    completed_objects: objects,
    completed_bytes: bytes,
    failed_attempts: failedAttempts,
  };
}

/** While the listing goes on nobody knows how much there is. */
function secondsLeft(job: Job, speed: number | undefined): number | undefined {
  if (speed === undefined || job.scan !== 'done') return undefined;
  return sumOver(job.counts.objects, ['available', 'leased', 'accepted']) / speed;
}

function stragglerAnswer(task: TaskSummary, statistics: DurationStatistics | undefined, now: number): StragglerAnswer {
  const elapsedMs = Math.max(0, now - (task.lease?.leasedAt ?? now));
  return {
    task_id: task.id,
    worker_id: task.lease?.workerId ?? '',
    attempt: task.fence,
    object_count: task.objectCount,
    elapsed_seconds: elapsedMs / 1000,
    ...(statistics && { times_median: elapsedMs / Math.max(1, statistics.medianMs) }),
  };
}
