/** The join token of a worker that was given none: it may lie beside the address of the orchestrator. */
import { LongshoreError, type Clock } from '@longshore/core';

const longestPauseMs = 30_000;

/** `/orchestrator/url` has its token in `/orchestrator/join-token`. */
export function tokenBeside(urlParameter: string): string {
  return `${urlParameter.slice(0, urlParameter.lastIndexOf('/') + 1)}join-token`;
}

/**
 * Waits as long as it cannot be asked for. Where there is none, or it may not be read, the worker goes on without: an orchestrator that wants one
 * says so.
 */
export async function findJoinToken(
  read: () => Promise<string | undefined>,
  { clock, say }: { clock: Clock; say: (line: string) => void },
): Promise<string | undefined> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await read();
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError)) throw thrown;
      if (tries === 0) say(thrown.sentence);
      if (thrown.code !== 'discovery-failed') return undefined;
      await clock.sleep(Math.min(longestPauseMs, 1_000 * 2 ** tries));
    }
  }
}
