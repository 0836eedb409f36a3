/** A plan in words. */
import { formatBytes } from '@longshore/core';
import type { PlanAnswer } from '@longshore/core/protocol';
import { printable } from './job-text.js';

export function planLines(plan: PlanAnswer): string[] {
  if (plan.why) return plan.why.map(printable);
  const { run, image } = plan;
  const standings = [
    ...(plan.done_before > 0 ? [`  ${objects(plan.done_before)} done already`] : []),
    ...(plan.skipped > 0 ? [`  ${objects(plan.skipped)} left out by patterns or place`] : []),
    ...(plan.refused > 0 ? [`  ${objects(plan.refused)} refused by name`] : []),
  ];
  const reasons = plan.reasons.flatMap(({ reason, objects: count, example }) => [
    `  ${objects(count)} to run: ${reason}`,
    `    ${printable(example.key)}: ${printable(example.sentence)}`,
  ]);
  return [
    run.objects === 0
      ? 'Nothing would be run.'
      : `${objects(run.objects)} would be run, in ${run.tasks} task${run.tasks === 1 ? '' : 's'}, ${formatBytes(run.bytes)} in all.`,
    ...standings,
    ...reasons,
    ...(image.is_missing ? ['Start a worker, or give --image-digest, to know what hangs on the image.'] : []),
    ...(image.said_by_workers > 1
      ? [`Workers run ${image.said_by_workers} different images; the newest worker's counts: ${image.digest}.`]
      : []),
  ];
}

function objects(count: number): string {
  return `${count} object${count === 1 ? '' : 's'}`;
}
