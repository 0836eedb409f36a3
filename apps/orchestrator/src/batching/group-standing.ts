/** A group is done as a whole or not at all, because any member may have shaped the results of the others. */
import type { ObjectRef, Standing } from '@longshore/core';
import type { Grouping } from './grouping.js';

interface Judged {
  object: ObjectRef;
  standing: Standing;
}

/** The same objects in the same order, none of them done where its group is not. */
export function judgeGroups<T extends Judged>(judged: readonly T[], grouping: Grouping): T[] {
  const changed = new Set<string>();
  for (const [group, members] of Map.groupBy(judged, ({ object }) => grouping.of(object))) {
    const objects = members.map(({ object }) => object);
    const digest = grouping.digest(group, objects);
    if (members.some(({ standing }) => !isDone(standing, digest))) changed.add(group);
  }
  return judged.map((one) => {
    const isPulledAlong = one.standing.state !== 'wanted' && changed.has(grouping.of(one.object));
    return isPulledAlong ? { ...one, standing: { state: 'wanted', why: { code: 'group-changed' } } } : one;
  });
}

/** What was made in a group is not what an object makes that stands for itself. */
export function judgeAlone(standing: Standing): Standing {
  const wasInGroup = standing.state === 'done' && standing.record.group !== undefined;
  return wasInGroup ? { state: 'wanted', why: { code: 'group-changed' } } : standing;
}

function isDone(standing: Standing, digest: string): boolean {
  return standing.state === 'found' || (standing.state === 'done' && standing.record.group === digest);
}
