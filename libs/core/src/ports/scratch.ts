/** Room on this machine's disk for more than fits into memory. */

/** Values by name. What is in it is gone once it is disposed, or its process has ended. */
export abstract class ScratchTable implements AsyncDisposable {
  /** Stores them; a later value takes the place of an earlier one. */
  abstract put(entries: readonly (readonly [name: string, value: string])[]): Promise<void>;

  /** Those that are there. */
  abstract get(names: readonly string[]): Promise<Map<string, string>>;

  abstract [Symbol.asyncDispose](): Promise<void>;
}

/** Called by whoever must look up something among a million, and will not need it later. */
export abstract class Scratch {
  /** @throws LongshoreError `disk-full` here or in a table, or `storage-failed` */
  abstract open(): Promise<ScratchTable>;
}
