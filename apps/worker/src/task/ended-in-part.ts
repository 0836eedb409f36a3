/** An attempt that ended without a result for all of its objects. */
import type { ReportedManifest } from '@longshore/core';

export class EndedInPart extends Error {
  override readonly name = 'EndedInPart';

  /** @param kept what it had finished, staged */
  constructor(
    override readonly cause: unknown,
    readonly kept: ReportedManifest | undefined,
  ) {
    super('The attempt ended early.');
  }
}
