/** The process of this orchestrator, as far as its features may end it. */
import type { LongshoreError } from '@longshore/core';

export class OwnProcess {
  constructor(
    /** Ends it as a signal would: what runs is finished first. Returns at once. */
    readonly end: () => void = () => undefined,
    /** Ends it because it cannot go on, and says why. Returns at once. */
    readonly fail: (error: LongshoreError) => void = () => undefined,
  ) {}
}
