/** Takes back at once what a worker holds whose token was revoked. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { JobStore, messageOf, type AccessToken } from '@longshore/core';
import { Happenings } from '../events/happenings.js';
import { WorkerRegistry } from '../registry/worker-registry.js';
import { unasked } from '../requests/answers.js';
import { AttemptEndings } from './attempt-endings.js';

@Injectable()
export class Evictor implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(Evictor.name);
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly happenings: Happenings,
    private readonly store: JobStore,
    private readonly endings: AttemptEndings,
    private readonly registry: WorkerRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.unsubscribe = this.happenings.tokensRevoked.subscribe((ended) => void this.evictAll(ended));
  }

  beforeApplicationShutdown(): void {
    this.unsubscribe();
  }

  private async evictAll(ended: readonly AccessToken[]): Promise<void> {
    for (const { workerId } of ended) {
      if (workerId === undefined) continue;
      await this.evict(workerId).catch((thrown: unknown) =>
        this.log.warn(`What worker ${workerId} holds goes back when its leases end: ${messageOf(thrown)}.`, {
          worker_id: workerId,
        }),
      );
    }
  }

  private async evict(workerId: string): Promise<void> {
    await this.registry.markUnavailable(workerId);
    for (const { id: taskId, state, fence } of await this.store.heldTasks(workerId)) {
      if (state !== 'leased') continue;
      await this.endings.release({ taskId, workerId, fence, stamp: unasked }, 'its token was revoked');
    }
  }
}
