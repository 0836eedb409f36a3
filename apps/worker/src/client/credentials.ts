/** What a worker shows to the orchestrator: a join token to come in, and from then on short-lived tokens of its own. */
import type { TokenAnswer } from '@longshore/core/protocol';

/** A renewal is asked for a little after the orchestrator is ready to give one, at half the life of a token. */
const renewedAfter = 0.55;

/**
 * Held in memory alone. Main thread and heartbeat thread have one each: the main thread comes in, the heartbeat thread is given what is new
 * and passes it on.
 */
export class Credentials {
  /** The newest token of this worker, as it was given. */
  given: TokenAnswer = {};
  /** Called with every token that an answer brings. */
  onNew: (given: TokenAnswer) => void = () => undefined;
  private renewAt = Infinity;

  /** @param joinToken absent where the orchestrator needs no tokens */
  constructor(
    private readonly joinToken?: string,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get token(): string | undefined {
    return this.given.token ?? this.joinToken;
  }

  /** True when it is time for a new token, even if there is nothing else to say. */
  get isOld(): boolean {
    return this.now() >= this.renewAt;
  }

  /** Takes what an answer brings, if it brings a token. */
  take({ token, token_seconds }: TokenAnswer): void {
    if (token === undefined) return;
    const given = { token, ...(token_seconds !== undefined && { token_seconds }) };
    this.keep(given);
    this.onNew(given);
  }

  /** Takes what the other thread was given. */
  keep(given: TokenAnswer): void {
    this.given = given;
    this.renewAt = this.now() + (given.token_seconds ?? Infinity) * 1000 * renewedAfter;
  }

  /** For a worker that comes in anew. */
  forget(): void {
    this.keep({});
  }
}
