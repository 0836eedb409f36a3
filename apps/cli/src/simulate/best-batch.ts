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

/** @param cut the workload in tasks of another rule */
export function otherSizes(
  rule: BatchingRule,
  cut: (rule: BatchingRule) => Workload,
  given: Assumptions,
  wanted: readonly number[] = [],
): BatchSize[] {
  const sizes = wanted.length > 0 ? wanted : [...tried, rule.maxObjects];
  const found: BatchSize[] = [];
  for (const maxObjects of [...new Set(sizes)].sort((one, other) => one - other)) {
    const workload = cut({ ...rule, maxObjects });
    const isOwn = maxObjects === rule.maxObjects;
    if (!isOwn && wanted.length === 0 && workload.firsts.length - 1 > mostTasks) continue;
    found.push({ maxObjects, outcome: simulateFleet(workload, given) });
    // Larger ones hold everything as well.
    if (workload.firsts.length - 1 <= 1) break;
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
