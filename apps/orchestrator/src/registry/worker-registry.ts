/** Who works here: registers workers and remembers when each was heard of. */
import { Injectable } from '@nestjs/common';
import {
  Chance,
  Clock,
  JobStore,
  workerUnknown,
  type Receipt,
  type Worker,
  type WorkerInstance,
  type WorkerState,
  type WorkerStats,
} from '@longshore/core';
import type { InstanceMessage, RegisterRequest } from '@longshore/core/protocol';
import type { Caller } from '../access/caller.js';
import { WorkerTokens } from '../access/worker-tokens.js';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';
import type { Stamp } from '../requests/answers.js';
import { isHeardLately } from './heard-lately.js';

@Injectable()
export class WorkerRegistry {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly tokens: WorkerTokens,
    private readonly config: OrchestratorConfig,
    private readonly happenings: Happenings,
  ) {}

  async register(request: RegisterRequest, stamp: Stamp, caller?: Caller): Promise<Worker> {
    const now = this.clock.now();
    const worker: Worker = {
      id: this.chance.id(),
      hostname: request.hostname,
      capabilities: request.capabilities ?? [],
      slots: request.slots ?? 1,
      state: 'idle',
      registeredAt: now,
      lastSeenAt: now,
      ...(request.plugin !== undefined && { plugin: request.plugin }),
      ...(request.protocol !== undefined && { protocol: request.protocol }),
      ...(this.isLegacy(request, caller) && { legacy: true }),
      ...(request.instance && { instance: instanceOf(request.instance) }),
      ...(request.image_digest !== undefined && { imageDigest: request.image_digest }),
    };
    await this.tokens.admit(caller, worker, stamp({ body: worker }));
    this.happenings.workerJoined.emit();
    return worker;
  }

  /** True for a worker of the original system, which says nothing but its name and what it can do. */
  private isLegacy({ protocol }: RegisterRequest, caller: Caller | undefined): boolean {
    return this.config.access.allowLegacyWorkers && !caller?.shown && protocol === undefined;
  }

  /** @throws LongshoreError `worker-unknown` */
  async get(id: string): Promise<Worker> {
    const worker = await this.store.findWorker(id);
    if (worker) return worker;
    throw workerUnknown(id);
  }

  /** Notes that the worker was heard of, what it does now, and what it tells of its machine. */
  async seen(worker: Worker, state: WorkerState, receipt?: Receipt, stats?: WorkerStats): Promise<Worker> {
    const { id, statusText, farewell } = worker;
    const lastSeenAt = this.clock.now();
    if (!receipt && !stats && (await this.isKnown(worker, state, lastSeenAt))) return worker;
    return this.store.changeWorker(
      id,
      (worker) => ({
        ...worker,
        state,
        lastSeenAt,
        ...(statusText !== undefined && { statusText }),
        ...(farewell !== undefined && { farewell }),
        ...(stats && { stats }),
      }),
      receipt,
    );
  }

  private async isKnown({ id, statusText, farewell }: Worker, state: WorkerState, now: number): Promise<boolean> {
    const found = await this.store.findWorker(id);
    if (found?.state !== state || !isHeardLately(found, now)) return false;
    return found.statusText === statusText && found.farewell === farewell;
  }

  /** Notes that the worker has left, and why. */
  async left(worker: Worker, farewell: string, receipt?: Receipt): Promise<void> {
    await this.seen({ ...worker, farewell }, 'shutting-down', receipt);
  }

  /** Notes that a worker let its lease run out. */
  async markUnavailable(id: string): Promise<void> {
    if (await this.store.findWorker(id))
      await this.store.changeWorker(id, (found) => ({ ...found, state: 'unavailable' }));
  }

  /**
   * The worker takes no more from here on; it is told so when it is heard of next.
   *
   * @throws LongshoreError `worker-unknown`
   */
  async drain(id: string): Promise<Worker> {
    const worker = await this.store.changeWorker(id, (found) => ({ ...found, draining: true }));
    return worker;
  }
}

function instanceOf({ memory_bytes: memoryBytes, ...facts }: InstanceMessage): WorkerInstance {
  return { ...facts, ...(memoryBytes !== undefined && { memoryBytes }) };
}
