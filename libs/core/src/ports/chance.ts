/** Chance as Longshore sees it. */

/** Injected wherever something is random, so that a test can have the same accidents twice. */
export abstract class Chance {
  /** A number from 0 to below 1. */
  abstract fraction(): number;

  /** A name that nothing else has. */
  abstract id(): string;
}
