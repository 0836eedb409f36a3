/** What has to come before this orchestrator is ready, besides a store that can be written. */
import { Injectable } from '@nestjs/common';
import { LongshoreError } from '@longshore/core';

/** A job is about to be submitted: workers stay for it, and no run ends. */
export const workToCome = 'work to come';

@Injectable()
export class Readiness {
  private readonly open = new Map<string, string>();

  /** @param why a sentence for anybody: it names no bucket, no parameter and no address */
  waitsFor(what: string, why: string): void {
    this.open.set(what, why);
  }

  has(what: string): void {
    this.open.delete(what);
  }

  isOpen(what: string): boolean {
    return this.open.has(what);
  }

  /** @throws LongshoreError `not-ready` */
  check(): void {
    if (this.open.size === 0) return;
    throw new LongshoreError('not-ready', [...this.open.values()].join(' '), {
      remedy: 'It is tried again; the log of the orchestrator says more.',
    });
  }
}
