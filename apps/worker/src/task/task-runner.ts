/** One task from its assignment to its published outputs. */
import {
  failureOf,
  LongshoreError,
  manifestOutputs,
  pluginObject,
  type Clock,
  type CommandExit,
  type JobPlugin,
  type Location,
  type Manifest,
  type ObjectStore,
  type PluginObject,
} from '@longshore/core';
import { failureDetails, type Assignment, type WorkerStatus } from '@longshore/core/protocol';
import type { OrchestratorClient } from '../client/orchestrator-client.js';
import { persistently } from '../client/persistence.js';
import type { Slot } from '../slots/slot.js';
import { checkOutputs, type CheckedOutputs } from './check-outputs.js';
import { fetchInputs } from './fetch-inputs.js';
import { runCommand } from './run-command.js';
import { abandonOutputs, stageOutputs } from './stage-outputs.js';
import type { Workspace } from './workspace.js';

export interface TaskRunnerTools {
  client: OrchestratorClient;
  clock: Clock;
  objects: ObjectStore;
  plugin: JobPlugin;
  imageDigest: string;
  workerId: string;
}

export class TaskRunner {
  constructor(private readonly tools: TaskRunnerTools) {}

  /**
   * Works on a task and reports how it went. The signal is aborted with a LongshoreError when the lease is lost (`stale-fence`) or the worker
   * stops (`worker-stopped`).
   *
   * @throws LongshoreError `engine-unavailable` when this machine can run no further task; the task is handed back.
   */
  async run(assignment: Assignment, slot: Slot, signal: AbortSignal): Promise<void> {
    const output: Location = { bucket: assignment.output_bucket, prefix: assignment.output_prefix };
    let manifest: Manifest | undefined;
    try {
      manifest = await this.work(assignment, output, slot, signal);
      // Finished work is reported even when the worker has to stop; a lost lease is the orchestrator's to refuse.
      await this.report(assignment, 'completed', { manifest }, leaseTime(assignment));
    } catch (thrown) {
      if (manifest) await abandonOutputs(this.tools.objects, output, manifestOutputs(manifest));
      return this.giveUp(assignment, thrown, signal);
    }
    await this.publish(assignment, output, manifest);
  }

  private async work(assignment: Assignment, output: Location, slot: Slot, signal: AbortSignal): Promise<Manifest> {
    const { objects: store, plugin, imageDigest } = this.tools;
    const input: Location = { bucket: assignment.input_bucket, prefix: assignment.input_prefix };
    const objects = assignment.objects.map((object) => pluginObject(input, object));

    await using workspace = await slot.openWorkspace();
    await fetchInputs(store, input, objects, workspace.inputs, signal);
    const { exit, outputs } = await this.runAndCheck(assignment, objects, slot, workspace, signal);
    const entries = await stageOutputs(store, output, outputs, workspace.outputs, signal);

    const { exitCode, durationMs } = exit;
    return { entries, imageDigest, pluginVersion: plugin.version, exitCode, durationMs };
  }

  /** A command that failed may have left processes behind; the next one gets a container of its own. */
  private async runAndCheck(
    assignment: Assignment,
    objects: readonly PluginObject[],
    slot: Slot,
    workspace: Workspace,
    signal: AbortSignal,
  ): Promise<{ exit: CommandExit; outputs: CheckedOutputs[] }> {
    const { plugin } = this.tools;
    try {
      const exit = await runCommand(plugin, assignment, objects, slot, signal);
      return { exit, outputs: await checkOutputs(plugin, objects, workspace.outputs, exit.log.slice(-8_192)) };
    } catch (thrown) {
      await slot.remove();
      throw thrown;
    }
  }

  /** From acceptance on the result belongs to the job: a worker that stops still publishes, and what it cannot publish the orchestrator does. */
  private async publish(assignment: Assignment, output: Location, manifest: Manifest): Promise<void> {
    const { objects } = this.tools;
    try {
      for (const staged of manifestOutputs(manifest)) await objects.publish(output, staged);
    } catch {
      return;
    }
    await this.report(assignment, 'published', {}, leaseTime(assignment)).catch(() => undefined);
  }

  /** A lost lease is nobody's to report; everything else is said once more than the lease lasts, and no longer. */
  private async giveUp(assignment: Assignment, thrown: unknown, signal: AbortSignal): Promise<void> {
    const reason: unknown = signal.aborted ? signal.reason : thrown;
    const code = reason instanceof LongshoreError ? reason.code : undefined;
    if (code === 'stale-fence') return;
    const limit = leaseTime(assignment);
    const stopped = code === 'worker-stopped' || code === 'engine-unavailable';
    const failure = failureOf(reason, 'engine-failed', 'The task failed in the worker');
    const report = stopped
      ? this.report(assignment, 'released', { reason: failure.message }, limit)
      : this.report(assignment, 'failed', failureDetails(failure), limit);
    await report.catch(() => undefined);
    if (code === 'engine-unavailable') throw reason;
  }

  private report(
    assignment: Assignment,
    status: WorkerStatus,
    details: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<void> {
    const { client, clock, workerId } = this.tools;
    const message = { status, details, ...heldBy(assignment) };
    return persistently(clock, signal, () => client.report(workerId, message, signal));
  }
}

function leaseTime({ lease_seconds }: Assignment): AbortSignal {
  return AbortSignal.timeout(lease_seconds * 1000);
}

function heldBy({ assignment_id, fence }: Assignment): { assignment_id: string; fence: number } {
  return { assignment_id, fence };
}
