/** How often somebody may ask, and how often they may show a wrong token. */
import { Injectable } from '@nestjs/common';
import { LongshoreError } from '@longshore/core';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

export class TooManyRequests extends LongshoreError {
  readonly retryAfterSeconds: number;

  constructor(message: string, waitMs: number) {
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    super('too-many-requests', message, { remedy: `Ask again in ${seconds} seconds.` });
    this.retryAfterSeconds = seconds;
  }
}

/** Long enough for bursts, short enough to wait for. */
const windowSeconds = 10;
const trustedAtMost = 20_000;

@Injectable()
export class RequestLimits {
  private readonly byAddress: RateLimiterMemory;
  private readonly byToken: RateLimiterMemory;
  private readonly failures: RateLimiterMemory;
  /** Hashes of tokens that were good lately, oldest first: whoever shares an address with somebody who guesses still gets in. */
  private readonly trusted = new Set<string>();

  constructor({ access }: OrchestratorConfig) {
    const duration = windowSeconds;
    this.byAddress = new RateLimiterMemory({ points: access.addressRequestsPerSecond * duration, duration });
    this.byToken = new RateLimiterMemory({ points: access.tokenRequestsPerSecond * duration, duration });
    this.failures = new RateLimiterMemory({ points: access.failuresPerMinute, duration: 60 });
  }

  /** @throws TooManyRequests */
  async countAddress(address: string): Promise<void> {
    await count(this.byAddress, address, `More requests came from ${address} than one address may send.`);
  }

  /** @throws TooManyRequests */
  async countToken(tokenId: string): Promise<void> {
    await count(this.byToken, tokenId, 'More requests came with this token than one may send.');
  }

  /**
   * Before a token is looked up: an address that has shown too many wrong ones tries no others for a while.
   *
   * @throws TooManyRequests
   */
  async refuseGuesses(address: string, hash: string): Promise<void> {
    if (this.trusted.has(hash)) return;
    const found = await this.failures.get(address);
    if (found && found.remainingPoints <= 0) throw tooManyFailures(address, found.msBeforeNext);
  }

  trust(hash: string): void {
    this.trusted.delete(hash);
    this.trusted.add(hash);
    const [oldest] = this.trusted;
    if (this.trusted.size > trustedAtMost && oldest !== undefined) this.trusted.delete(oldest);
  }

  /** Counts a caller that could not be let in. @returns what to tell them */
  async failed(address: string, why: unknown): Promise<unknown> {
    try {
      await this.failures.consume(address);
      return why;
    } catch (thrown) {
      return thrown instanceof RateLimiterRes ? tooManyFailures(address, thrown.msBeforeNext) : thrown;
    }
  }
}

async function count(limiter: RateLimiterMemory, key: string, message: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (thrown) {
    throw thrown instanceof RateLimiterRes ? new TooManyRequests(message, thrown.msBeforeNext) : thrown;
  }
}

function tooManyFailures(address: string, waitMs: number): TooManyRequests {
  return new TooManyRequests(`Too many requests without a valid token came from ${address}.`, waitMs);
}
