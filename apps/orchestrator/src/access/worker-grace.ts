/** Lets workers that hold tasks go on after the orchestrator was away: their tokens may have ended meanwhile, and nobody could renew them. */
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock, JobStore, LongshoreError, type AccessToken, type Worker } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

@Injectable()
export class WorkerGrace implements OnApplicationBootstrap {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
  ) {}

  /** One lease time, as the leases themselves get, and one more for the heartbeat that brings a new token. */
  async onApplicationBootstrap(): Promise<void> {
    const until = this.clock.now() + 2 * this.config.leaseMs;
    for (const workerId of new Set((await this.store.heldTasks()).map(({ lease }) => lease?.workerId ?? ''))) {
      const worker = await this.store.findWorker(workerId);
      if (worker) await this.prolong(worker, until);
    }
  }

  /** The token of a worker has its id; on one machine there may be none. */
  private async prolong({ id, lastSeenAt }: Worker, until: number): Promise<void> {
    try {
      await this.store.changeToken(id, (token) => ({ token: prolonged(token, lastSeenAt, until) }));
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError) || thrown.code !== 'token-not-found') throw thrown;
    }
  }
}

/** A revoked token stays so. Only what was good when the worker was last heard of. */
function prolonged(token: AccessToken, lastSeenAt: number, until: number): AccessToken {
  const secrets = token.secrets.map((secret) => {
    const { expiresAt } = secret;
    return expiresAt !== undefined && expiresAt > lastSeenAt && expiresAt < until
      ? { ...secret, expiresAt: until }
      : secret;
  });
  return { ...token, secrets };
}
