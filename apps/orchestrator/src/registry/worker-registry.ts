/** Who works here: registers workers and remembers when each was heard of. */
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, JobStore, LongshoreError, type Worker, type WorkerState } from '@longshore/core';
import type { RegisterRequest } from '@longshore/core/protocol';

@Injectable()
export class WorkerRegistry {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
  ) {}

  async register(request: RegisterRequest): Promise<Worker> {
    const now = this.clock.now();
    const worker: Worker = {
      id: randomUUID(),
      hostname: request.hostname,
      capabilities: request.capabilities ?? [],
      slots: request.slots ?? 1,
      state: 'idle',
      registeredAt: now,
      lastSeenAt: now,
      ...(request.plugin !== undefined && { plugin: request.plugin }),
    };
    await this.store.saveWorker(worker);
    return worker;
  }

  /** @throws LongshoreError `worker-unknown` */
  async get(id: string): Promise<Worker> {
    const worker = await this.store.findWorker(id);
    if (worker) return worker;
    throw new LongshoreError('worker-unknown', `There is no worker ${id} here.`, { remedy: 'Register again.' });
  }

  /** Notes that the worker was heard of, and what it does now. */
  async seen(worker: Worker, state: WorkerState): Promise<void> {
    await this.store.saveWorker({ ...worker, state, lastSeenAt: this.clock.now() });
  }

  /** Notes that a worker let its lease run out. */
  async markUnavailable(id: string): Promise<void> {
    const worker = await this.store.findWorker(id);
    if (worker) await this.store.saveWorker({ ...worker, state: 'unavailable' });
  }

  list(): Promise<Worker[]> {
    return this.store.listWorkers();
  }
}
