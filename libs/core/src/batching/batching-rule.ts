/** Which objects go together in one task: so many, or as many as take so long. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { JobSpec } from '../words/job.js';

export interface BatchingRule {
  /** Most objects in a task, at least 1. A group larger than this stays whole. */
  maxObjects: number;
  /** Most bytes in a task; one object larger than this is a task of its own. */
  maxBytes?: number;
  /** How long a task is to take. Tasks are cut as they are leased then, and the numbers above are bounds. */
  targetSeconds?: number;
  /** Fewest objects in a task whose length is aimed at, where so many are left. */
  minObjects?: number;
}

export interface AdaptiveRule extends BatchingRule {
  targetSeconds: number;
}

export const defaultBatchingRule: BatchingRule = { maxObjects: 10 };

/** A group that the job lists is a task of its own, however small it is. */
export const eachGroupAlone: BatchingRule = { maxObjects: 1 };

/** Nobody wants a manifest of more entries; and so many objects wait in one row at most. */
export const mostObjectsOfPiece = 10_000;

export function isAdaptive(rule: BatchingRule): rule is AdaptiveRule {
  return rule.targetSeconds !== undefined;
}

/** Groups that a job lists are its tasks, whatever is said of batches. */
export function isCutByTime({ groups, batching }: Pick<JobSpec, 'groups' | 'batching'>): boolean {
  return !groups && isAdaptive(batching);
}

/**
 * The rule of a job from what its submitter says of it.
 *
 * @throws LongshoreError `invalid-request` for what contradicts itself
 */
export function batchingRule(said: Partial<BatchingRule>, timeoutSeconds: number): BatchingRule {
  const fault = faultOf(said, timeoutSeconds);
  if (fault) throw new LongshoreError('invalid-request', fault.why, { remedy: fault.remedy });
  if (said.targetSeconds === undefined) return { ...defaultBatchingRule, ...said };
  return { maxObjects: mostObjectsOfPiece, minObjects: 1, ...said };
}

function faultOf(
  { targetSeconds, minObjects, maxObjects }: Partial<BatchingRule>,
  timeoutSeconds: number,
): { why: string; remedy: string } | undefined {
  if (targetSeconds === undefined) {
    if (minObjects === undefined) return undefined;
    return {
      why: 'batching.minObjects says nothing without batching.targetSeconds: a task of a fixed size has batching.maxObjects.',
      remedy: 'Add batching.targetSeconds, or leave batching.minObjects out.',
    };
  }
  if (maxObjects !== undefined && maxObjects > mostObjectsOfPiece) {
    return {
      why: `batching.maxObjects is ${maxObjects}, and where tasks are cut by time none has more than ${mostObjectsOfPiece} objects.`,
      remedy: `Say ${mostObjectsOfPiece} or less, or leave it out.`,
    };
  }
  if (minObjects !== undefined && maxObjects !== undefined && minObjects > maxObjects) {
    return {
      why: `batching.minObjects is ${minObjects} and batching.maxObjects is ${maxObjects}.`,
      remedy: 'The fewest objects of a task cannot be more than the most.',
    };
  }
  if (2 * targetSeconds > timeoutSeconds) {
    return {
      why: `A task would aim at ${targetSeconds} seconds and be ended after ${timeoutSeconds}; a measured speed is never exact.`,
      remedy: `Raise policy.timeoutSeconds to ${2 * targetSeconds} or more, or aim at ${timeoutSeconds / 2} seconds or less.`,
    };
  }
  return undefined;
}
