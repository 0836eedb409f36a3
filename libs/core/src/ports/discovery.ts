/** Where the orchestrator is. */

/**
 * A place known to all, in which the orchestrator leaves its address. What is found there may be out of date, or be another cluster's: who asks has
 * to look.
 *
 * Every method throws LongshoreError: `access-denied`, or `discovery-failed` for what may pass by itself.
 */
export abstract class Discovery {
  /** The address that was left last, without a slash at the end; undefined while there is none. */
  abstract find(signal?: AbortSignal): Promise<string | undefined>;

  /** Leaves an address, in place of the one before. May be repeated. */
  abstract publish(url: string, signal?: AbortSignal): Promise<void>;
}
