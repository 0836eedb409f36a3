/** How and why this worker leaves. */
import { Injectable } from '@nestjs/common';
import { LongshoreError, messageOf } from '@longshore/core';

/** Why a worker leaves that the orchestrator has drained. */
export const wantedAway = 'the orchestrator wants it to leave';

/**
 * - `done`: nothing is left to do.
 * - `asked`: a person or a supervisor ended the process.
 * - `reclaimed`: the cloud takes the machine away.
 * - `drained`: it was told to take no more.
 * - `broken`: it can work no more.
 */
export type Cause = 'done' | 'asked' | 'reclaimed' | 'drained' | 'broken';

@Injectable()
export class Departure {
  private readonly stopping = new AbortController();
  private readonly draining = new AbortController();
  private failure: unknown;
  private why: { cause: Cause; reason: string } = { cause: 'done', reason: 'nothing is left to do' };

  /** Aborted, with `worker-stopped` as reason, when what runs has to stop. */
  get now(): AbortSignal {
    return this.stopping.signal;
  }

  /** Aborted, with `worker-stopped` as reason, when nothing more is taken. */
  get noMore(): AbortSignal {
    return this.draining.signal;
  }

  get cause(): Cause {
    return this.why.cause;
  }

  /** As it goes into a sentence. */
  get reason(): string {
    return this.why.reason;
  }

  /** Takes nothing more; what runs goes on to its end. */
  drain(reason: string): void {
    if (this.noMore.aborted) return;
    this.why = { cause: 'drained', reason };
    this.draining.abort(new LongshoreError('worker-stopped', reason));
  }

  /** Stops what runs, too; its tasks are handed back. */
  stop(cause: Cause, reason: string): void {
    if (this.now.aborted) return;
    this.why = { cause, reason };
    const stopped = new LongshoreError('worker-stopped', reason);
    this.draining.abort(stopped);
    this.stopping.abort(stopped);
  }

  /** It can work no more. */
  breakDown(thrown: unknown): void {
    this.failure ??= thrown;
    this.stop('broken', messageOf(thrown));
  }

  throwIfBroken(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}
