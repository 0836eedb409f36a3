/** The same run with tasks of other sizes: what is saved by fewer requests is lost again where machines are taken away, and at the end. */
import type { BatchingRule } from '@longshore/core';
import type { Assumptions } from './assumptions.js';
import type { Outcome } from './outcome.js';
import { simulateFleet } from './simulate-fleet.js';
import type { Workload } from './workload.js';

export interface BatchSize {
  maxObjects: number;
  outcome: Outcome;
}

const tried = [1, 3, 10, 30, 100, 300, 1_000];
/** More take longer to simulate than anybody wants to wait. */
const mostTasks = 200_000;

/**
 * @param own the run with the job's own rule
 * @param cut the workload in tasks of another rule
 */
export function otherSizes(
  rule: BatchingRule,
  own: Outcome,
  cut: (rule: BatchingRule) => Workload,
  given: Assumptions,
  wanted: readonly number[] = [],
): BatchSize[] {
  const sizes = wanted.length > 0 ? wanted : [...tried, rule.maxObjects];
  const found: BatchSize[] = [];
  const { objects } = own;
  for (const maxObjects of [...new Set(sizes)].sort((one, other) => one - other)) {
    if (maxObjects !== rule.maxObjects && wanted.length === 0 && objects / maxObjects > mostTasks) continue;
    const outcome = maxObjects === rule.maxObjects ? own : simulateFleet(cut({ ...rule, maxObjects }), given);
    found.push({ maxObjects, outcome });
    // Larger ones hold everything as well.
    if (maxObjects >= objects) break;
  }
  return found;
}

/** The one with the shortest makespan of those that get the job done; of two that are as quick, the cheaper one. */
export function bestOf(sizes: readonly BatchSize[]): BatchSize | undefined {
  const done = sizes.filter(({ outcome }) => outcome.completedObjects === outcome.objects);
  return done.sort(
    (one, other) => one.outcome.makespanMs - other.outcome.makespanMs || one.outcome.cost - other.outcome.cost,
  )[0];
}
