/** What a worker of the original system reports: it names no lease, and its word is taken as it is. */
import { Injectable, Logger } from '@nestjs/common';
import {
  acceptManifest,
  Clock,
  isAboutAnother,
  JobStore,
  leftOut,
  LongshoreError,
  objectsDone,
  unverifiedManifest,
  type Job,
  type LegacyDetails,
  type Task,
  type TaskChange,
  type Worker,
} from '@longshore/core';
import { readFailure, type StatusAnswer, type StatusRequest } from '@longshore/core/protocol';
import { Happenings } from '../events/happenings.js';
import { WorkerRegistry } from '../registry/worker-registry.js';
import { unasked } from '../requests/answers.js';
import { AttemptEndings } from './attempt-endings.js';
import { recorded, type LeaseReport } from './lease-report.js';
import { completion, LeaseReports } from './lease-reports.js';
import { Publisher } from './publisher.js';

const longestText = 200;

@Injectable()
export class LegacyReports {
  private readonly log = new Logger(LegacyReports.name);

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly reports: LeaseReports,
    private readonly endings: AttemptEndings,
    private readonly publisher: Publisher,
    private readonly registry: WorkerRegistry,
    private readonly happenings: Happenings,
  ) {}

  /** Never refused: the original's workers end themselves over an answer they do not know. */
  async record(worker: Worker, { status, details = {} }: StatusRequest): Promise<StatusAnswer> {
    if (!['processing', 'completed', 'failed'].includes(status)) return this.remember(worker, status);
    const task = (await this.store.heldTasks(worker.id)).find(({ state }) => state === 'leased');
    // One that never said that it has the task speaks of the one before: the report came twice.
    const isEarly = status === 'completed' && task?.lease?.acknowledgedAt === undefined;
    if (!task || isEarly || isAboutAnother(task, details)) return this.tooLate(worker, status);
    const report = { taskId: task.id, workerId: worker.id, fence: task.fence, stamp: unasked };
    try {
      const answer = await this.recordLease(report, task, status, details);
      await this.registry.seen(worker, status === 'processing' ? 'processing' : 'idle');
      return answer;
    } catch (thrown) {
      const isLate = thrown instanceof LongshoreError && ['stale-fence', 'transition-refused'].includes(thrown.code);
      if (isLate) return this.tooLate(worker, status);
      throw thrown;
    }
  }

  private recordLease(
    report: LeaseReport,
    task: Task,
    status: string,
    details: Record<string, unknown>,
  ): Promise<StatusAnswer> {
    if (status === 'processing') return this.reports.acknowledge(report);
    const { code: _notTheirs, ...said } = details;
    if (status === 'failed') return this.endings.fail(report, readFailure(said, 'command-failed'));
    return this.takeWord(report, task, details);
  }

  /** The objects it speaks of are done; the others are tried again. */
  private async takeWord(report: LeaseReport, task: Task, details: LegacyDetails): Promise<StatusAnswer> {
    const done = objectsDone(task, details);
    if (done.length === task.objects.length) return this.takeWhole(report);
    const kept = unverifiedManifest(task, done, this.clock.now());
    const { kept: part } = await this.endings.fail(report, leftOut(task, done), kept);
    if (!part) return recorded;
    // It waits for no publication, and should this process die here, it ends with its lease.
    const accepted = (await this.store.heldTasks(report.workerId)).find(
      ({ lease }) => lease?.assignmentId === part.assignment_id,
    );
    if (accepted) await this.publisher.finish(accepted);
    return recorded;
  }

  private async takeWhole({ taskId, workerId, fence }: LeaseReport): Promise<StatusAnswer> {
    const now = this.clock.now();
    const decide = (task: Task, job: Job): TaskChange => {
      const accepted = acceptManifest(task, workerId, fence, unverifiedManifest(task, task.objects, now));
      return completion(accepted, job, now);
    };
    this.endings.announce(await this.store.changeTask(taskId, decide, now));
    return recorded;
  }

  /** Its lease was taken back; another worker has the task, or has done it. */
  private async tooLate(worker: Worker, status: string): Promise<StatusAnswer> {
    this.log.warn(`Worker ${worker.id} reports "${status}" and holds no such task; nothing is recorded.`, {
      worker_id: worker.id,
    });
    this.happenings.refused.emit('stale-fence');
    await this.registry.seen(worker, 'idle');
    return { message: 'not recorded: you hold no assignment' };
  }

  private async remember(worker: Worker, status: string): Promise<StatusAnswer> {
    await this.registry.seen({ ...worker, statusText: status.slice(0, longestText) }, worker.state);
    return recorded;
  }
}
