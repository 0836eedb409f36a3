/** A worker in virtual time: its own heartbeat and patience, and containers that only pretend. */
import { failure, keyAt, LongshoreError, type Chance, type StagedOutput } from '@longshore/core';
import {
  failureDetails,
  type Assignment,
  type HeldAssignment,
  type StatusAnswer,
  type WorkerStatus,
} from '@longshore/core/protocol';
import type { ManualClock } from '@longshore/core/testing';
import type { Desk } from '../../apps/worker/src/client/desk.js';
import { persistently } from '../../apps/worker/src/client/persistence.js';
import { SingleRequests } from '../../apps/worker/src/client/single-requests.js';
import { TurnDesk } from '../../apps/worker/src/client/turn-desk.js';
import { LeaseKeeper } from '../../apps/worker/src/heartbeat/lease-keeper.js';
import type { KeptLease } from '../../apps/worker/src/heartbeat/lease-keeping.js';
import { SimulatedClient } from './client.js';
import type { FaultyObjects } from './faulty-objects.js';
import { mortal, type Life } from './mortal.js';
import type { SimulatedNetwork } from './network.js';

/** One container run, as the machine saw it. */
export interface ContainerRun {
  taskId: string;
  worker: string;
  from: number;
  /** Infinity while it runs, and for ever where its worker was killed. */
  to: number;
}

export interface WorkerWorld {
  network: SimulatedNetwork;
  objects: FaultyObjects;
  clock: ManualClock;
  chance: Chance;
  runs: ContainerRun[];
  /** Whether this one speaks in turns. */
  byTurns: boolean;
}

/** A machine that nobody measures. */
const idle = { read: () => ({}) };
const slots = 2;

export class SimulatedWorker {
  private readonly client: SimulatedClient;
  private readonly clock: ManualClock;
  private readonly tasks = new Map<string, Promise<void>>();
  private readonly held = new Map<string, HeldAssignment>();
  private desk!: Desk;
  /** Nobody stops it; its own, because what a killed worker waits for is forgotten only with its signal. */
  private readonly never = new AbortController().signal;

  constructor(
    readonly name: string,
    readonly life: Life,
    private readonly world: WorkerWorld,
  ) {
    this.client = new SimulatedClient(world.network, name, life);
    this.clock = mortal(world.clock, life);
    void this.work();
  }

  private async work(): Promise<void> {
    for (;;) {
      const request = { hostname: this.name, plugin: 'echo', slots, request_id: this.world.chance.id() };
      const answer = await persistently(this.patience, this.never, () => this.client.register(request));
      this.desk = this.openDesk(answer.worker_id);
      const identity = { workerId: answer.worker_id, heartbeatMs: answer.heartbeat_seconds * 1000 };
      const keeper = new LeaseKeeper({ ...this.patience, client: this.client, load: idle }, identity, () => undefined);
      keeper.start();
      await this.serve(keeper);
      await keeper.stop();
    }
  }

  /** Until the orchestrator does not know this worker any more. */
  private async serve(keeper: LeaseKeeper): Promise<void> {
    try {
      for (;;) {
        const free = slots - this.tasks.size;
        if (free === 0) await Promise.race(this.tasks.values());
        else await this.takeSome(keeper, free);
      }
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError) || thrown.code !== 'worker-unknown') throw thrown;
    }
  }

  private async takeSome(keeper: LeaseKeeper, free: number): Promise<void> {
    const held = () => [...this.held.values()];
    const { assignments } = await this.desk.take({ max: free, held }, this.never);
    for (const given of assignments.filter(({ assignment_id }) => !this.tasks.has(assignment_id))) {
      const renewedAt = await this.acknowledge(given);
      if (renewedAt !== undefined) this.begin(given, keeper.keep(given, renewedAt));
    }
    if (assignments.length === 0) await this.clock.sleep(400);
  }

  private async acknowledge({ assignment_id, fence }: Assignment): Promise<number | undefined> {
    try {
      return await this.desk.acknowledge({ assignment_id, fence }, false, this.never);
    } catch (thrown) {
      if (thrown instanceof LongshoreError && thrown.code === 'stale-fence') return undefined;
      throw thrown;
    }
  }

  private begin(assignment: Assignment, lease: KeptLease): void {
    const { assignment_id, fence } = assignment;
    const task = this.attempt(assignment, lease.lost)
      .catch(() => undefined)
      .finally(() => {
        lease.release();
        this.tasks.delete(assignment_id);
        this.held.delete(assignment_id);
      });
    this.tasks.set(assignment_id, task);
    this.held.set(assignment_id, { assignment_id, fence });
    lease.lost.addEventListener('abort', () => this.held.delete(assignment_id));
  }

  private openDesk(workerId: string): Desk {
    const none = () => undefined;
    const tools = { ...this.patience, client: this.client, workerId, onTrouble: none, drain: none };
    return this.world.byTurns ? new TurnDesk(tools) : new SingleRequests(tools);
  }

  private async attempt(assignment: Assignment, lost: AbortSignal): Promise<void> {
    const names = await this.runContainer(assignment, lost);
    if (!names) return;
    const bad = names.find((name) => name.includes('poison'));
    if (names.some((name) => name.includes('killer'))) return this.life.end();
    let staged: StagedOutput[] = [];
    try {
      staged = await this.stage(assignment, bad === undefined ? names : names.slice(0, names.indexOf(bad)));
      if (bad === undefined) await this.complete(assignment, staged);
      else await this.fail(assignment, bad, staged);
    } catch (thrown) {
      if (isUnanswered(thrown)) return;
      await this.abandon(assignment, staged);
      if (thrown instanceof LongshoreError && thrown.code === 'storage-failed') {
        await this.report(assignment, 'failed', failureDetails(failure('storage-failed', thrown.message)));
      }
    }
  }

  /** @returns the names of the objects it worked on; nothing when the lease was lost meanwhile */
  private async runContainer(assignment: Assignment, lost: AbortSignal): Promise<string[] | undefined> {
    const { chance, clock, runs } = this.world;
    const run: ContainerRun = { taskId: assignment.task_id, worker: this.name, from: clock.now(), to: Infinity };
    runs.push(run);
    const slow = chance.fraction() < 0.02 ? 60_000 : 0;
    await this.clock.sleep(200 + chance.fraction() * 4_000 + slow, lost);
    run.to = clock.now();
    const names = assignment.file_names.map((key) => key.slice(assignment.input_prefix.length));
    return lost.aborted ? undefined : names;
  }

  private async stage(assignment: Assignment, names: readonly string[]): Promise<StagedOutput[]> {
    const location = outputOf(assignment);
    const staged: StagedOutput[] = [];
    for (const name of names) {
      await this.life.step();
      const content = Buffer.from(`${name} by ${assignment.assignment_id}`);
      try {
        staged.push(this.world.objects.stageContent(location, `${name}.out`, content));
      } catch (thrown) {
        await this.abandon(assignment, staged);
        throw thrown;
      }
    }
    return staged;
  }

  private async complete(assignment: Assignment, staged: readonly StagedOutput[]): Promise<void> {
    await this.report(assignment, 'completed', { manifest: manifestOf(assignment, staged) });
    await this.publish(assignment, staged);
  }

  private async fail(assignment: Assignment, bad: string, staged: readonly StagedOutput[]): Promise<void> {
    const why = failure('command-failed', 'The command ended with exit code 3.', {
      exitCode: 3,
      ...(assignment.file_names.length === 1 && { objectKey: bad }),
    });
    const manifest = staged.length > 0 ? { manifest: manifestOf(assignment, staged) } : {};
    const { kept } = await this.report(assignment, 'failed', { ...failureDetails(why), ...manifest });
    if (kept) await this.publish({ ...assignment, ...kept }, staged);
    else await this.abandon(assignment, staged);
  }

  private async publish(assignment: Assignment, staged: readonly StagedOutput[]): Promise<void> {
    try {
      for (const output of staged) {
        await this.life.step();
        await this.world.objects.publish(outputOf(assignment), output);
      }
    } catch {
      return;
    }
    await this.report(assignment, 'published', {});
  }

  private async abandon(assignment: Assignment, staged: readonly StagedOutput[]): Promise<void> {
    for (const output of staged) {
      await this.life.step();
      await this.world.objects.abandon(outputOf(assignment), output).catch(() => undefined);
    }
  }

  /** Said again and again for as long as a lease lasts. */
  private async report(
    { assignment_id, fence, lease_seconds }: Assignment,
    status: WorkerStatus,
    details: Record<string, unknown>,
  ): Promise<StatusAnswer> {
    const limit = new AbortController();
    void this.clock.sleep(lease_seconds * 1000, limit.signal).then(() => limit.abort());
    try {
      return await this.desk.report({ status, details, assignment_id, fence }, limit.signal);
    } finally {
      limit.abort();
    }
  }

  private get patience(): { clock: ManualClock; chance: Chance } {
    return { clock: this.clock, chance: this.world.chance };
  }
}

function manifestOf(assignment: Assignment, staged: readonly StagedOutput[]): Record<string, unknown> {
  const entries = staged.map((output) => ({
    objectKey: keyAt({ bucket: '', prefix: assignment.input_prefix }, output.name.replace(/\.out$/, '')),
    outputs: [output],
  }));
  return { entries, imageDigest: 'sha256:simulated', pluginVersion: '1.0.0', exitCode: 0, durationMs: 1 };
}

function outputOf({ output_bucket, output_prefix }: Assignment): { bucket: string; prefix: string } {
  return { bucket: output_bucket, prefix: output_prefix };
}

function isUnanswered(thrown: unknown): boolean {
  return !(thrown instanceof LongshoreError) || thrown.code === 'orchestrator-unreachable';
}
