/** Time as Longshore sees it. */

/** Injected wherever time matters, so that tests make time instead of waiting for it. */
export abstract class Clock {
  /**
   * Milliseconds since 1970, taken from the machine's clock once and carried on by its monotonic clock: a step of the machine's
   * clock changes nothing while the process lives.
   */
  abstract now(): number;

  /** Waits; ends early and without an error when the signal is aborted. */
  abstract sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
