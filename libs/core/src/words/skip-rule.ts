/** How a job tells which objects are done already, so that they are not done again. */

/** Done by what earlier jobs recorded beside the outputs: the same object, work and image, and outputs that are as they were left. */
export interface SkipByManifest {
  by: 'manifest';
}

/** Done by what lies in the output, whoever put it there. Only outputs the plugin declares for the object itself count. */
export interface SkipByOutputs {
  by: 'outputs';
  /** How many of them must be there; all whose name counts, where nothing is said. */
  count?: number;
  /** A smaller one does not count. */
  minBytes: number;
  /** Only those whose name holds this text count. */
  nameContains?: string;
}

/** Everything is done again, and recorded. */
export interface SkipNothing {
  by: 'none';
}

export type SkipRule = SkipByManifest | SkipByOutputs | SkipNothing;

export const skipKinds = ['manifest', 'outputs', 'none'] as const;

export const defaultSkipRule: SkipRule = { by: 'manifest' };

/** As Distributed-Something has it: an empty file is no result. */
export const defaultMinBytes = 1;
