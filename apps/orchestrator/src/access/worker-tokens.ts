/** Exchanges a join token for the token of one worker, and renews that. */
import { Injectable } from '@nestjs/common';
import {
  Clock,
  countUse,
  hashOfSecret,
  JobStore,
  LongshoreError,
  newSecret,
  withSecret,
  type AccessToken,
  type Receipt,
  type Worker,
} from '@longshore/core';
import type { TokenAnswer } from '@longshore/core/protocol';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import type { Caller } from './caller.js';

@Injectable()
export class WorkerTokens {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
  ) {}

  /**
   * Stores a new worker, together with the use of the token it came in with.
   *
   * @throws LongshoreError `not-authenticated`, `token-revoked`, or `not-allowed` for a plugin the token is not for
   */
  async admit(caller: Caller | undefined, worker: Worker, receipt: Receipt | undefined): Promise<void> {
    if (!caller?.shown) {
      return this.store.saveWorker(caller?.legacy ? { ...worker, legacy: true } : worker, receipt);
    }
    const now = this.clock.now();
    await this.store.changeToken(caller.shown.token.id, (token) => {
      refuseOtherPlugin(token, worker);
      const created: AccessToken = {
        id: worker.id,
        role: 'worker',
        secrets: [],
        createdAt: now,
        uses: 0,
        workerId: worker.id,
        parentId: token.id,
      };
      return { token: countUse(token, now), created, worker, receipt };
    });
  }

  /** A first secret for a worker that has just come in, or for one that asks again because the answer was lost. */
  async issue(caller: Caller | undefined, workerId: string): Promise<TokenAnswer> {
    return caller?.shown ? this.addSecret(workerId) : {};
  }

  /** A new secret where half the life of the one that was shown is over; the old one stays valid to its end. */
  async renew(caller: Caller | undefined): Promise<TokenAnswer> {
    const { token, hash } = caller?.shown ?? {};
    if (token?.role !== 'worker') return {};
    const { expiresAt = 0 } = token.secrets.find((secret) => secret.hash === hash) ?? {};
    const isYoung = expiresAt - this.clock.now() > this.config.access.workerTokenMs / 2;
    return isYoung ? {} : this.addSecret(token.id);
  }

  private async addSecret(tokenId: string): Promise<TokenAnswer> {
    const secret = newSecret('worker');
    const now = this.clock.now();
    const { workerTokenMs } = this.config.access;
    const stored = { hash: hashOfSecret(secret), expiresAt: now + workerTokenMs };
    await this.store.changeToken(tokenId, (token) => ({ token: withSecret(token, stored, now) }));
    return { token: secret, token_seconds: workerTokenMs / 1000 };
  }
}

function refuseOtherPlugin({ plugin }: AccessToken, worker: Worker): void {
  if (plugin === undefined || plugin === worker.plugin) return;
  throw new LongshoreError('not-allowed', `This token lets in workers of the plugin "${plugin}" only.`, {
    remedy: 'Start the worker with that plugin, or ask for another token.',
  });
}
