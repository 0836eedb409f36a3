/** One task from its assignment to its published outputs. */
import { Logger } from '@nestjs/common';
import {
  failureOf,
  LongshoreError,
  manifestOutputs,
  messageOf,
  pluginObject,
  type Chance,
  type Clock,
  type CommandExit,
  type JobPlugin,
  type Location,
  type ManifestEntry,
  type ObjectStore,
  type PluginObject,
  type ReportedManifest,
  type Tracer,
} from '@longshore/core';
import {
  assignedLocations,
  failureDetails,
  type Assignment,
  type StatusAnswer,
  type WorkerStatus,
} from '@longshore/core/protocol';
import type { OrchestratorClient } from '../client/orchestrator-client.js';
import type { AttemptResult, WorkerMeter } from '../metrics/worker-meter.js';
import { persistently } from '../client/persistence.js';
import type { Slot } from '../slots/slot.js';
import { attemptLog } from './attempt-log.js';
import { checkOutputs, finishedOutputs, type CheckedOutputs } from './check-outputs.js';
import { EndedInPart } from './ended-in-part.js';
import { fetchInputs } from './fetch-inputs.js';
import { refuseStrange } from './refuse-strange.js';
import { runCommand } from './run-command.js';
import { StageWatch } from './stage-watch.js';
import { abandonOutputs, publishOutputs, stageOutputs } from './stage-outputs.js';
import type { Workspace } from './workspace.js';

export interface TaskRunnerTools {
  client: OrchestratorClient;
  clock: Clock;
  chance: Chance;
  objects: ObjectStore;
  plugin: JobPlugin;
  imageDigest: string;
  workerId: string;
  tracer: Tracer;
  meter: WorkerMeter;
}

/** Each is aborted with a LongshoreError. */
export interface TaskSignals {
  /** `stale-fence`: the lease is lost. */
  lost: AbortSignal;
  /** `worker-stopped`: the worker has to go. */
  stopping: AbortSignal;
}

/** Time a worker that has to go takes for saving what it has finished, and for saying so. */
const lastWordsMs = 5_000;

export class TaskRunner {
  private readonly log = new Logger('Worker');

  constructor(private readonly tools: TaskRunnerTools) {}

  /**
   * Works on a task and reports how it went.
   *
   * @throws LongshoreError `engine-unavailable` when this machine can run no further task; the task is handed back.
   */
  async run(assignment: Assignment, slot: Slot, signals: TaskSignals): Promise<void> {
    const { output } = assignedLocations(assignment);
    const attempt = { assignment, output, watch: new StageWatch(this.tools, assignment) };
    let result: Result | undefined;
    try {
      result = await this.work(attempt, slot, signals);
      const { manifest, log } = result;
      // Finished work is reported even when the worker has to stop; a lost lease is the orchestrator's to refuse.
      await this.report(attempt, 'completed', { manifest, log }, leaseTime(assignment));
    } catch (thrown) {
      // Nobody knows whether the orchestrator has accepted it; what it has not is cleared when the job ends.
      if (result && isUnanswered(thrown)) return;
      await this.abandon(output, result?.manifest);
      return this.giveUp(attempt, thrown, signals);
    }
    this.tools.meter.attemptEnded('completed');
    await this.publish(attempt, result.manifest);
  }

  private async work(
    { assignment, output, watch }: Attempt,
    slot: Slot,
    { lost, stopping }: TaskSignals,
  ): Promise<Result> {
    const { objects: store, meter } = this.tools;
    const signal = AbortSignal.any([lost, stopping]);
    const { input } = assignedLocations(assignment);
    const objects = assignment.objects.map((object) => pluginObject(input, object));

    await using workspace = await slot.openWorkspace();
    await workspace.assertRoom(objects);
    await watch.measure('fetch', () => fetchInputs(store, input, objects, workspace.inputs, signal));
    meter.fetched(objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
    const startedAt = this.tools.clock.now();
    let exit: CommandExit | undefined;
    try {
      exit = await watch.measure('run', (traceparent) =>
        this.runCommand(assignment, objects, slot, { signal, traceparent }),
      );
      const log = attemptLog(exit.log);
      const outputs = await this.checked(slot, objects, workspace, log);
      const entries = await watch.measure('stage', () =>
        stageOutputs(store, output, outputs, workspace.outputs, signal),
      );
      meter.staged(bytesOf(entries));
      return { manifest: this.manifest(entries, exit.exitCode, exit.durationMs), log };
    } catch (thrown) {
      const ended = { exit, ranMs: this.tools.clock.now() - startedAt, thrown };
      // A group is done as a whole or not at all.
      const isWhole = assignment.variables !== undefined;
      const kept = isWhole ? undefined : await this.keepFinished(objects, output, workspace, ended, lost);
      throw new EndedInPart(thrown, kept);
    }
  }

  /** A command that failed may have left processes behind; the next one gets a container of its own. */
  private async runCommand(
    assignment: Assignment,
    objects: readonly PluginObject[],
    slot: Slot,
    told: Parameters<typeof runCommand>[4],
  ): Promise<CommandExit> {
    try {
      return await runCommand(this.tools.plugin, assignment, objects, slot, told);
    } catch (thrown) {
      await slot.remove();
      throw thrown;
    }
  }

  private async checked(
    slot: Slot,
    objects: readonly PluginObject[],
    workspace: Workspace,
    log: string,
  ): Promise<CheckedOutputs[]> {
    try {
      const outputs = await checkOutputs(this.tools.plugin, objects, workspace.outputs, log);
      await refuseStrange(this.tools.plugin, workspace.outputs, log);
      return outputs;
    } catch (thrown) {
      await slot.remove();
      throw thrown;
    }
  }

  /**
   * Stages what is finished of an attempt that ended early: after a command that ended well, the outputs that are there; after any other, those of a
   * plugin whose outputs appear whole.
   */
  private async keepFinished(
    objects: readonly PluginObject[],
    output: Location,
    workspace: Workspace,
    { exit, ranMs, thrown }: { exit: CommandExit | undefined; ranMs: number; thrown: unknown },
    lost: AbortSignal,
  ): Promise<ReportedManifest | undefined> {
    const { objects: store, plugin } = this.tools;
    const mayBeHalf = exit === undefined && !plugin.layout.outputsAppearWhole;
    if (lost.aborted || objects.length < 2 || mayBeHalf) return undefined;
    try {
      const finished = await finishedOutputs(plugin, objects, workspace.outputs);
      if (finished.length === 0 || finished.length === objects.length) return undefined;
      const signal = AbortSignal.any([lost, AbortSignal.timeout(lastWordsMs)]);
      const entries = await stageOutputs(store, output, finished, workspace.outputs, signal);
      const exitCode = exit?.exitCode ?? (thrown instanceof LongshoreError ? thrown.exitCode : undefined) ?? -1;
      return this.manifest(entries, exitCode, exit?.durationMs ?? ranMs);
    } catch {
      // It is done again with the rest.
      return undefined;
    }
  }

  private manifest(entries: ManifestEntry[], exitCode: number, durationMs: number): ReportedManifest {
    const { imageDigest, plugin } = this.tools;
    return { entries, imageDigest, pluginVersion: plugin.version, exitCode, durationMs };
  }

  /** From acceptance on the result belongs to the job: a worker that stops still publishes, and what it cannot publish the orchestrator does. */
  private async publish(attempt: Attempt, manifest: ReportedManifest): Promise<void> {
    const { objects } = this.tools;
    try {
      await attempt.watch.measure('publish', () => publishOutputs(objects, attempt.output, manifestOutputs(manifest)));
    } catch {
      return;
    }
    await this.report(attempt, 'published', {}, leaseTime(attempt.assignment)).catch(() => undefined);
  }

  /** A lost lease is nobody's to report; everything else is said once more than the lease lasts, and no longer. */
  private async giveUp(attempt: Attempt, thrown: unknown, { lost, stopping }: TaskSignals): Promise<void> {
    const { assignment, output } = attempt;
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

  private async abandon(output: Location, manifest: ReportedManifest | undefined): Promise<void> {
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
    const { client, chance, workerId } = this.tools;
    const measured = { ...details, ...watch.toReport() };
    const message = { status, details: measured, assignment_id, fence, request_id: chance.id() };
    return watch.measure('report', (traceparent) => {
      const whole = { ...message, ...(traceparent !== undefined && { traceparent }) };
      return persistently(this.tools, signal, () => client.report(workerId, whole, signal));
    });
  }
}

interface Result {
  manifest: ReportedManifest;
  log: string;
}

interface Attempt {
  assignment: Assignment;
  output: Location;
  watch: StageWatch;
}

function bytesOf(entries: readonly ManifestEntry[]): number {
  return entries.flatMap(({ outputs }) => outputs).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** A workspace that could not be cleared as well is the lesser trouble. */
function firstFailure(thrown: unknown): unknown {
  return thrown instanceof SuppressedError ? firstFailure(thrown.suppressed) : thrown;
}

function isUnanswered(thrown: unknown): boolean {
  return !(thrown instanceof LongshoreError) || thrown.code === 'orchestrator-unreachable';
}

function leaseTime({ lease_seconds }: Assignment): AbortSignal {
  return AbortSignal.timeout(lease_seconds * 1000);
}
