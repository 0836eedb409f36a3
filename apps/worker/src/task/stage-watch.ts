/** Times the stages of one attempt: for its reports, for the metrics of this worker, and for the trace of its task. */
import { childTrace, messageOf, readTrace, type Clock, type TraceContext, type Tracer } from '@longshore/core';
import type { Assignment, StageTimes, WorkStage } from '@longshore/core/protocol';
import type { WorkerMeter } from '../metrics/worker-meter.js';

export interface WatchTools {
  clock: Clock;
  tracer: Tracer;
  meter: WorkerMeter;
  workerId: string;
}

export class StageWatch {
  private times: StageTimes = {};
  /** The span of the attempt, where its orchestrator records one. */
  private readonly attempt: TraceContext | undefined;

  constructor(
    private readonly tools: WatchTools,
    private readonly assignment: Assignment,
  ) {
    this.attempt = readTrace(assignment.traceparent);
  }

  /**
   * Does the work of a stage. A stage that is come to twice took as long as both.
   *
   * @param work is told its place in the trace, to hand it on; undefined where nobody records anything
   */
  async measure<T>(stage: WorkStage | 'report', work: (context: TraceContext | undefined) => Promise<T>): Promise<T> {
    const { clock, tracer, meter } = this.tools;
    const isRecorded = this.attempt !== undefined && tracer.isOn;
    const context = isRecorded ? childTrace(this.attempt) : this.attempt;
    const startedAt = clock.now();
    let failure: string | undefined;
    try {
      return await work(context);
    } catch (thrown) {
      failure = messageOf(thrown);
      throw thrown;
    } finally {
      const endedAt = clock.now();
      meter.stageTook(stage, endedAt - startedAt);
      if (stage !== 'report') this.times[stage] = (this.times[stage] ?? 0) + endedAt - startedAt;
      if (isRecorded && context !== undefined) this.record(stage, context, { startedAt, endedAt, failure });
    }
  }

  /** What was measured since the last report, for this one. */
  toReport(): { stage_ms: StageTimes } {
    const { times } = this;
    this.times = {};
    return { stage_ms: times };
  }

  private record(
    name: string,
    context: TraceContext,
    { failure, ...times }: { startedAt: number; endedAt: number; failure: string | undefined },
  ): void {
    const { job_id, task_id, attempt } = this.assignment;
    this.tools.tracer.record({
      name,
      context,
      parent: this.attempt!,
      ...times,
      attributes: {
        'longshore.job_id': job_id,
        'longshore.task_id': task_id,
        'longshore.attempt': attempt,
        'longshore.worker_id': this.tools.workerId,
      },
      ...(failure !== undefined && { failure }),
    });
  }
}
