/** Copies the state while it is in use. */

/** An optional power of a store that keeps its state in one file. */
export abstract class StateCopier {
  /**
   * Writes everything committed so far to a new file. A store that opens the copy begins a new epoch: what was leased is void, and no fence
   * that was issued after the copy is ever issued again.
   *
   * @throws LongshoreError `disk-full`, or `storage-failed`
   */
  abstract copyTo(path: string): Promise<void>;
}
