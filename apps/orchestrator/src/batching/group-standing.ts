/** A group is done as a whole or not at all, because any member may have shaped the results of the others. */
import { groupDigest, type ObjectRef, type Standing } from '@longshore/core';

interface Judged {
  object: ObjectRef;
  standing: Standing;
}

/** The same objects in the same order, none of them done where its group is not. */
export function judgeGroups<T extends Judged>(judged: readonly T[], groupOf: (object: ObjectRef) => string): T[] {
  const changed = new Set<string>();
  for (const [group, members] of Map.groupBy(judged, ({ object }) => groupOf(object))) {
    const digest = groupDigest(members.map(({ object }) => object));
    if (members.some(({ standing }) => !isDone(standing, digest))) changed.add(group);
  }
  return judged.map((one) => {
    const isPulledAlong = one.standing.state !== 'wanted' && changed.has(groupOf(one.object));
    return isPulledAlong ? { ...one, standing: { state: 'wanted', why: { code: 'group-changed' } } } : one;
  });
}

function isDone(standing: Standing, digest: string): boolean {
  return standing.state === 'found' || (standing.state === 'done' && standing.record.group === digest);
}
