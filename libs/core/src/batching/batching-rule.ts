/** Which objects go together in one task. */
export interface BatchingRule {
  /** Most objects in a task, at least 1. A group larger than this stays whole. */
  maxObjects: number;
  /** Most bytes in a task; one object larger than this is a task of its own. */
  maxBytes?: number;
}

export const defaultBatchingRule: BatchingRule = { maxObjects: 10 };
