/** One task from its assignment to its published outputs. */
import {
  LongshoreError,
  type Clock,
  type CommandExit,
  type JobPlugin,
  type ManifestEntry,
  type PluginObject,
  type ReportedManifest,
  type Tracer,
} from '@longshore/core';
import { assignedLocations, type Assignment } from '@longshore/core/protocol';
import type { Slot } from '../slots/slot.js';
import { allOrFirstError } from './all-or-first-error.js';
import { attemptLog } from './attempt-log.js';
import { AttemptReports, isUnanswered, type ReportTools } from './attempt-reports.js';
import { firstFailure, lastWordsMs, objectsOf, type Attempt, type TaskLease, type TaskSignals } from './attempt.js';
import { beforeItsTurn } from './before-its-turn.js';
import { checkOutputs, finishedOutputs, type CheckedOutputs } from './check-outputs.js';
import { EndedInPart } from './ended-in-part.js';
import { fetchInputs } from './fetch-inputs.js';
import type { Passage } from './pipeline.js';
import { refuseStrange } from './refuse-strange.js';
import { runCommand } from './run-command.js';
import { stageOutputs } from './stage-outputs.js';
import { StageWatch } from './stage-watch.js';
import type { Workspace } from './workspace.js';

export interface TaskRunnerTools extends ReportTools {
  clock: Clock;
  plugin: JobPlugin;
  imageDigest: string;
  tracer: Tracer;
}

const nobodys: TaskLease = { received: Promise.resolve(), runsIn: () => undefined };

export class TaskRunner {
  private readonly reports: AttemptReports;

  constructor(private readonly tools: TaskRunnerTools) {
    this.reports = new AttemptReports(tools);
  }

  /**
   * Takes a task through the pipeline of a slot and reports how it went.
   *
   * @throws LongshoreError `engine-unavailable` when this machine can run no further task; the task is handed back.
   */
  async run(assignment: Assignment, passage: Passage, signals: TaskSignals, lease = nobodys): Promise<void> {
    const { output } = assignedLocations(assignment);
    const watch = new StageWatch(this.tools, assignment);
    const taken = new AbortController();
    const lost = AbortSignal.any([signals.lost, taken.signal]);
    const attempt: Attempt = { assignment, output, watch, passage, signals: { ...signals, lost }, lease };
    try {
      await this.goThrough(attempt, (why) => taken.abort(why));
    } finally {
      passage.leave();
    }
  }

  /** @param takenAway called when the task turns out to be somebody else's by now */
  private async goThrough(attempt: Attempt, takenAway: (why: unknown) => void): Promise<void> {
    const { reports } = this;
    let result: Result | undefined;
    try {
      result = await this.work(attempt, takenAway).finally(() => attempt.passage.cleared());
      await result.inOrder;
      await reports.completed(attempt, result.manifest, result.log);
    } catch (thrown) {
      // Nobody knows whether the orchestrator has accepted it; what it has not is cleared when the job ends.
      if (result && isUnanswered(thrown)) return;
      await reports.abandon(attempt.output, result?.manifest);
      return reports.giveUp(attempt, thrown);
    }
    this.tools.meter.attemptEnded('completed');
    await reports.publish(attempt, result.manifest);
  }

  /** One that has to go does not wait for the reports of others. */
  private async inOrder({ passage, signals }: Attempt): Promise<void> {
    await passage.moveTo('report', signals.stopping).catch(() => undefined);
  }

  private async work(attempt: Attempt, takenAway: (why: unknown) => void): Promise<Result> {
    const { assignment, output, watch, passage, signals } = attempt;
    const { lost, stopping } = signals;
    const signal = AbortSignal.any([lost, stopping]);
    const objects = objectsOf(assignment);

    await using workspace = await passage.slot.openWorkspace();
    await this.fetch(attempt, objects, workspace);
    await passage.room.forOutputs(passage, signal);
    // Nothing waits for the answer but the report of the result, which must not be heard first.
    const begun = passage.isAhead ? this.reports.begins(attempt).catch(takenAway) : undefined;
    const startedAt = this.tools.clock.now();
    let exit: CommandExit | undefined;
    try {
      exit = await this.runMounted(attempt, objects, workspace, signal);
      const log = attemptLog(exit.log);
      // Before the next command begins: after outputs that are not fit to be looked at, it gets a container of its own.
      const outputs = await this.checked(passage.slot, objects, workspace, log);
      await passage.moveTo('aside', signal);
      await passage.moveTo('stage', signal);
      const entries = await watch.measure('stage', () =>
        stageOutputs(this.tools.objects, output, outputs, workspace.outputs, signal),
      );
      this.tools.meter.staged(bytesOf(entries));
      await begun;
      // The next one may be staged while what lies here of this one is removed.
      const inOrder = this.inOrder(attempt);
      return { manifest: this.manifest(entries, exit.exitCode, exit.durationMs), log, inOrder };
    } catch (thrown) {
      await begun;
      const ended = { exit, ranMs: this.tools.clock.now() - startedAt, thrown: firstFailure(thrown) };
      // A group is done as a whole or not at all.
      const isWhole = assignment.variables !== undefined;
      const kept = isWhole ? undefined : await this.keepFinished(attempt, objects, workspace, ended);
      throw new EndedInPart(ended.thrown, kept);
    }
  }

  /** Fetches as early as there is room, and then waits for the task before it to end. */
  private async fetch(attempt: Attempt, objects: readonly PluginObject[], workspace: Workspace): Promise<void> {
    const { assignment, watch, passage, signals, lease } = attempt;
    const { input } = assignedLocations(assignment);
    const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    using waiting = beforeItsTurn(passage, signals);
    const { signal } = waiting;
    await passage.room.forInputs(passage, bytes, signal);
    await workspace.assertRoom(objects);
    await watch.measure('fetch', () => fetchInputs(this.tools.objects, input, objects, workspace.inputs, signal));
    passage.isFetched = true;
    this.tools.meter.fetched(bytes);
    await lease.received;
    await passage.moveTo('run', signal);
  }

  /** What the command leaves is out of its reach before this returns, however it ended. */
  private async runMounted(
    { assignment, watch, passage: { slot }, lease }: Attempt,
    objects: readonly PluginObject[],
    workspace: Workspace,
    signal: AbortSignal,
  ): Promise<CommandExit> {
    await using _mounted = await workspace.mount();
    lease.runsIn(slot.number);
    try {
      return await watch.measure('run', (traceparent) =>
        runCommand(this.tools.plugin, assignment, objects, slot, { signal, traceparent }),
      );
    } catch (thrown) {
      // A command that failed may have left processes behind; the next one gets a container of its own.
      await slot.remove();
      throw thrown;
    } finally {
      lease.runsIn(undefined);
    }
  }

  private async checked(
    slot: Slot,
    objects: readonly PluginObject[],
    workspace: Workspace,
    log: string,
  ): Promise<CheckedOutputs[]> {
    try {
      const checked = checkOutputs(this.tools.plugin, objects, workspace.outputs, log);
      await allOrFirstError<unknown>([checked, refuseStrange(this.tools.plugin, workspace.outputs, log)]);
      return await checked;
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
    { output, signals: { lost } }: Attempt,
    objects: readonly PluginObject[],
    workspace: Workspace,
    { exit, ranMs, thrown }: { exit: CommandExit | undefined; ranMs: number; thrown: unknown },
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
}

interface Result {
  manifest: ReportedManifest;
  log: string;
  /** Until those before it are reported. */
  inOrder: Promise<void>;
}

function bytesOf(entries: readonly ManifestEntry[]): number {
  return entries.flatMap(({ outputs }) => outputs).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}
