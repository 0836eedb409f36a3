/** What happens when every job has ended. */
import type { Settings } from '@longshore/adapters/settings';
import { LongshoreError, shutdownPolicies, type RunEndRules, type ShutdownPolicy } from '@longshore/core';

export type WhenDone = 'wait' | 'shutdown';

export class RunEndSettings implements RunEndRules {
  /** Runs end: workers are sent home, one mail is sent, and the shutdown is carried out. */
  readonly enabled: boolean;
  readonly whenDone: WhenDone;
  readonly shutdown: ShutdownPolicy;
  readonly graceMs: number;
  readonly mailPatienceMs: number;
  /** A worker that was not heard of for so long is not waited for. */
  readonly workerGoneMs: number;

  /** @throws LongshoreError `invalid-configuration` */
  constructor(settings: Settings, { job, leaseSeconds }: { job: boolean; leaseSeconds: number }) {
    this.shutdown = settings.choice('LONGSHORE_SHUTDOWN', 'none', shutdownPolicies);
    this.enabled = job || this.shutdown !== 'none';
    this.whenDone = settings.choice('LONGSHORE_WHEN_DONE', this.enabled ? 'shutdown' : 'wait', ['wait', 'shutdown']);
    if (this.enabled && this.whenDone === 'wait') {
      const cause = this.shutdown === 'none' ? 'CONFIG_BUCKET is set' : `LONGSHORE_SHUTDOWN is ${this.shutdown}`;
      throw new LongshoreError(
        'invalid-configuration',
        `LONGSHORE_WHEN_DONE is wait, but ${cause}: the run would never end, because the workers would never leave.`,
        { remedy: 'Unset LONGSHORE_WHEN_DONE.' },
      );
    }
    const range = { min: 0, max: 86_400 };
    this.graceMs = 1000 * settings.number('LONGSHORE_SHUTDOWN_GRACE_SECONDS', 60, range);
    this.mailPatienceMs = 1000 * settings.number('LONGSHORE_MAIL_PATIENCE_SECONDS', 900, range);
    const fallback = Math.max(120, 2 * leaseSeconds);
    this.workerGoneMs = 1000 * settings.number('LONGSHORE_WORKER_GONE_SECONDS', fallback, { min: 1, max: 86_400 });
    Object.freeze(this);
  }
}
