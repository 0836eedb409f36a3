/** The door through which work comes in: closed while the machine is being ended, so that nothing is taken that nobody would do. */
import { Injectable } from '@nestjs/common';
import { LongshoreError } from '@longshore/core';

@Injectable()
export class Doorway {
  private closed = false;
  private readonly inside = new Set<Promise<unknown>>();

  /** @throws LongshoreError `shutting-down` */
  async enter<T>(work: () => Promise<T>): Promise<T> {
    if (this.closed) {
      throw new LongshoreError('shutting-down', 'The run is over, and this orchestrator is being shut down.', {
        remedy: 'Ask again once it has been started again.',
      });
    }
    const passing = work();
    this.inside.add(passing);
    try {
      return await passing;
    } finally {
      this.inside.delete(passing);
    }
  }

  /** Resolves when everybody who came in before is through. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.allSettled(this.inside);
  }

  open(): void {
    this.closed = false;
  }
}
