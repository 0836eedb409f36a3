/** The first to see a request, before its body is read: counts it, and finds out who sends it. */
import { Injectable } from '@nestjs/common';
import { hashOfSecret } from '@longshore/core';
import type { NextFunction, Response } from 'express';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { addressOf, bearerToken, type Caller, type KnownRequest } from './caller.js';
import { refuseForeignHost, refuseForeignOrigin } from './foreign-sites.js';
import { RequestLimits } from './request-limits.js';
import { TokenBook } from './token-book.js';

@Injectable()
export class Gate {
  constructor(
    private readonly config: OrchestratorConfig,
    private readonly limits: RequestLimits,
    private readonly book: TokenBook,
  ) {}

  readonly middleware = (request: KnownRequest, _: Response, next: NextFunction): void => {
    this.enter(request).then(
      () => next(),
      (thrown: unknown) => next(thrown),
    );
  };

  private async enter(request: KnownRequest): Promise<void> {
    const address = addressOf(request);
    await this.limits.countAddress(address);
    if (!this.book.isLocked) refuseForeignHost(request, this.config.host);
    refuseForeignOrigin(request);
    const caller = await this.callerOf(request, address);
    if (!caller) return;
    request.caller = caller;
    if (caller.shown) await this.limits.countToken(caller.shown.token.id);
  }

  /** Who shows nothing is an admin on this machine while there are no tokens, and nobody afterwards. */
  private async callerOf(request: KnownRequest, address: string): Promise<Caller | undefined> {
    try {
      const secret = bearerToken(request);
      if (secret === undefined) return this.book.isLocked ? undefined : { role: 'admin' };
      return await this.known(hashOfSecret(secret), address);
    } catch (thrown) {
      throw await this.limits.failed(address, thrown);
    }
  }

  private async known(hash: string, address: string): Promise<Caller> {
    await this.limits.refuseGuesses(address, hash);
    const token = await this.book.verify(hash);
    this.limits.trust(hash);
    const { role, workerId } = token;
    return { role, shown: { token, hash }, ...(workerId !== undefined && { workerId }) };
  }
}
