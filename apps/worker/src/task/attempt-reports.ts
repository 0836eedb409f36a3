/** Tells the orchestrator how an attempt went, and does with its outputs what follows from the answer. */
import { Logger } from '@nestjs/common';
import {
  failureOf,
  LongshoreError,
  manifestOutputs,
  messageOf,
  type Location,
  type ObjectStore,
  type ReportedManifest,
} from '@longshore/core';
import { failureDetails, type Assignment, type StatusAnswer, type WorkerStatus } from '@longshore/core/protocol';
import type { Desk } from '../client/desk.js';
import type { AttemptResult, WorkerMeter } from '../metrics/worker-meter.js';
import { firstFailure, lastWordsMs, type Attempt } from './attempt.js';
import { EndedInPart } from './ended-in-part.js';
import { abandonOutputs, publishOutputs } from './stage-outputs.js';

export interface ReportTools {
  desk: Desk;
  objects: ObjectStore;
  workerId: string;
  meter: WorkerMeter;
}

export class AttemptReports {
  private readonly log = new Logger('Worker');

  constructor(private readonly tools: ReportTools) {}

  /** Finished work is reported even when the worker has to stop; a lost lease is the orchestrator's to refuse. */
  async completed(attempt: Attempt, manifest: ReportedManifest, log: string): Promise<void> {
    await this.report(attempt, 'completed', { manifest, log }, leaseTime(attempt.assignment));
  }

  /**
   * Says that a task which was taken ahead begins now, from when its time limit counts.
   *
   * @throws LongshoreError `stale-fence` when it was given to somebody else meanwhile
   */
  async begins(attempt: Attempt): Promise<void> {
    const { signals, assignment } = attempt;
    const signal = AbortSignal.any([signals.lost, signals.stopping, leaseTime(assignment)]);
    try {
      await this.report(attempt, 'processing', {}, signal);
    } catch (thrown) {
      if (thrown instanceof LongshoreError && thrown.code === 'stale-fence') throw thrown;
      // The orchestrator hears of it with the next report.
    }
  }

  /** From acceptance on the result belongs to the job: a worker that stops still publishes, and what it cannot publish the orchestrator does. */
  async publish(attempt: Attempt, manifest: ReportedManifest): Promise<void> {
    const { objects } = this.tools;
    try {
      await attempt.watch.measure('publish', () => publishOutputs(objects, attempt.output, manifestOutputs(manifest)));
    } catch {
      return;
    }
    await this.report(attempt, 'published', {}, leaseTime(attempt.assignment)).catch(() => undefined);
  }

  /** A lost lease is nobody's to report; everything else is said once more than the lease lasts, and no longer. */
  async giveUp(attempt: Attempt, thrown: unknown): Promise<void> {
    const { assignment, output, signals } = attempt;
    const { lost, stopping } = signals;
    const first = firstFailure(thrown);
    const { cause, kept } = first instanceof EndedInPart ? first : { cause: first, kept: undefined };
    const reason: unknown = [lost, stopping].find(({ aborted }) => aborted)?.reason ?? cause;
    const code = reason instanceof LongshoreError ? reason.code : undefined;
    if (code === 'stale-fence') {
      this.ended(attempt, 'lost', reason);
      return this.abandon(output, kept);
    }
    const stopped = code === 'worker-stopped' || code === 'engine-unavailable';
    const failure = failureOf(reason, 'engine-failed', 'The task failed in the worker');
    this.ended(attempt, stopped ? 'released' : 'failed', reason);
    const finished = kept && { manifest: kept };
    const report = stopped
      ? this.report(attempt, 'released', { reason: failure.message, ...finished }, AbortSignal.timeout(lastWordsMs))
      : this.report(attempt, 'failed', { ...failureDetails(failure), ...finished }, leaseTime(assignment));
    const answer: StatusAnswer | undefined = await report.catch((refused: unknown) =>
      isUnanswered(refused) ? undefined : { message: 'refused' },
    );
    if (kept && answer?.kept) await this.publish({ ...attempt, assignment: { ...assignment, ...answer.kept } }, kept);
    else if (answer) await this.abandon(output, kept);
    if (code === 'engine-unavailable') throw reason;
  }

  async abandon(output: Location, manifest: ReportedManifest | undefined): Promise<void> {
    if (manifest) await abandonOutputs(this.tools.objects, output, manifestOutputs(manifest));
  }

  private ended({ assignment }: Attempt, result: AttemptResult, reason: unknown): void {
    this.tools.meter.attemptEnded(result);
    const { job_id, task_id, attempt } = assignment;
    const code = reason instanceof LongshoreError ? reason.code : undefined;
    const fields = { job_id, task_id, attempt, worker_id: this.tools.workerId, code };
    this.log.log(`Attempt ${attempt} of task ${task_id} ended as ${result}: ${messageOf(reason)}.`, fields);
  }

  private report(
    { assignment: { assignment_id, fence }, watch }: Attempt,
    status: WorkerStatus,
    details: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<StatusAnswer> {
    const measured = { ...details, ...watch.toReport() };
    const message = { status, details: measured, assignment_id, fence };
    return watch.measure('report', (traceparent) => {
      const report = { ...message, ...(traceparent !== undefined && { traceparent }) };
      return this.tools.desk.report(report, signal);
    });
  }
}

export function isUnanswered(thrown: unknown): boolean {
  return !(thrown instanceof LongshoreError) || thrown.code === 'orchestrator-unreachable';
}

function leaseTime({ lease_seconds }: Assignment): AbortSignal {
  return AbortSignal.timeout(lease_seconds * 1000);
}
