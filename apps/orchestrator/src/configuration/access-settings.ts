/** What the orchestrator is told about who may reach it, and how often. */
import type { Settings } from '@longshore/adapters/settings';
import { hashOfSecret, LongshoreError, type Role } from '@longshore/core';

/** A token that the operator has chosen; only its hash goes further than this file. */
export interface ConfiguredToken {
  setting: string;
  role: Role;
  hash: string;
}

const shortestToken = 32;

export class AccessSettings {
  readonly tokens: readonly ConfiguredToken[];
  /** Workers of the original system, which know no tokens, may come in without one. */
  readonly allowLegacyWorkers: boolean;
  /** Life of what a worker gets for its join token; it is renewed at half of that. */
  readonly workerTokenMs: number;
  readonly addressRequestsPerSecond: number;
  readonly tokenRequestsPerSecond: number;
  readonly failuresPerMinute: number;
  /** Time a caller has to send a whole request; its head has to come in a sixth of that. */
  readonly requestMs: number;

  /** @throws LongshoreError `invalid-configuration` */
  constructor(settings: Settings, leaseSeconds: number) {
    this.tokens = [
      ...configured(settings, 'LONGSHORE_ADMIN_TOKEN', 'admin'),
      ...configured(settings, 'LONGSHORE_JOIN_TOKEN', 'join'),
    ];
    this.allowLegacyWorkers = settings.switch('LONGSHORE_ALLOW_LEGACY_WORKERS');
    // Longer than a lease, so that no outage that a lease survives ends the token.
    const fallback = Math.max(900, 2 * leaseSeconds);
    const range = { min: 1, max: 86_400 };
    this.workerTokenMs = 1000 * settings.number('LONGSHORE_WORKER_TOKEN_SECONDS', fallback, range);
    // More than one process answers, so that only a flood meets them; 500 busy workers behind one address make some 2,000 in a second.
    const rate = { min: 1, max: 1_000_000, integer: true };
    this.addressRequestsPerSecond = settings.number('LONGSHORE_ADDRESS_REQUESTS_PER_SECOND', 20_000, rate);
    this.tokenRequestsPerSecond = settings.number('LONGSHORE_TOKEN_REQUESTS_PER_SECOND', 5_000, rate);
    this.failuresPerMinute = settings.number('LONGSHORE_FAILED_TOKENS_PER_MINUTE', 600, rate);
    this.requestMs = 1000 * settings.number('LONGSHORE_REQUEST_SECONDS', 60, { min: 1, max: 3_600 });
    Object.freeze(this);
  }
}

function configured(settings: Settings, setting: string, role: Role): ConfiguredToken[] {
  const secret = settings.secret(setting);
  if (secret === undefined) return [];
  if (secret.length >= shortestToken && /^[\x21-\x7e]+$/.test(secret))
    return [{ setting, role, hash: hashOfSecret(secret) }];
  throw new LongshoreError('invalid-configuration', `${setting} is too short to be a secret, or holds blanks.`, {
    remedy: `Use at least ${shortestToken} characters that nobody can guess, such as those of "openssl rand -hex 32".`,
  });
}
