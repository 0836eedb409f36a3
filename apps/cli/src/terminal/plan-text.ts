/** A plan in words. */
import { formatBytes } from '@longshore/core';
import type { PlanAnswer, PlannedLayout, PlannedTask } from '@longshore/core/protocol';
import { counted } from './counted.js';
import { printable } from './job-text.js';

export function planLines(plan: PlanAnswer): string[] {
  const { run, image } = plan;
  const inNone = plan.groups?.objects_in_none ?? 0;
  const standings = [
    ...(plan.done_before > 0 ? [`  ${counted(plan.done_before, 'object')} done already`] : []),
    ...(plan.skipped > inNone ? [`  ${counted(plan.skipped - inNone, 'object')} left out by patterns or place`] : []),
    ...(inNone > 0
      ? [`  ${counted(inNone, 'object')} left out because no group has ${inNone === 1 ? 'it' : 'them'}`]
      : []),
    ...(plan.refused > 0 ? [`  ${counted(plan.refused, 'object')} refused by name`] : []),
  ];
  const reasons = plan.reasons.flatMap(({ reason, objects: count, example }) => [
    `  ${counted(count, 'object')} to run: ${reason}`,
    `    ${printable(example.key)}: ${printable(example.sentence)}`,
  ]);
  return [
    ...(plan.unfit === undefined ? [] : [`The job would fail before anything is run. ${printable(plan.unfit)}`]),
    run.objects === 0
      ? 'Nothing would be run.'
      : `${counted(run.objects, 'object')} would be run, ${tasksOf(plan)}, ${formatBytes(run.bytes)} in all.`,
    ...standings,
    ...reasons,
    ...batchLines(plan),
    ...(plan.layout ? layoutLines(plan.layout) : (plan.why ?? []).map(printable)),
    ...(image.is_missing ? ['Start a worker, or give --image-digest, to know what hangs on the image.'] : []),
    ...(image.said_by_workers > 1
      ? [`Workers run ${image.said_by_workers} different images; the newest worker's counts: ${image.digest}.`]
      : []),
  ];
}

/** About one object alone. */
export function whyLines({ why = [], layout }: PlanAnswer): string[] {
  return [...why.map(printable), ...(layout ? layoutLines(layout) : [])];
}

function tasksOf({ run: { tasks }, target_seconds: target = 0 }: PlanAnswer): string {
  if (tasks === undefined) return `in tasks of about ${target} s that are cut as it goes`;
  return `in ${counted(tasks, 'task')}`;
}

function batchLines({ run, first_tasks: [first], last_task: last }: PlanAnswer): string[] {
  if (first && run.tasks === undefined) {
    return [`First task: ${batch(first)}`, 'The next ones by what the first ones take, the last ones smaller again.'];
  }
  if (!first || !last) return [];
  if (run.tasks === 1) return [`The task: ${batch(first)}`];
  return [`First task: ${batch(first)}`, `Last task:  ${batch(last)}`];
}

function batch({
  group,
  object_count: count,
  size_bytes: bytes,
  file_names: [from = ''],
  last_file_name: to,
}: PlannedTask) {
  const names = count > 1 ? `${printable(from)} to ${printable(to)}` : printable(from);
  return `${group === undefined ? '' : `group ${group}, `}${counted(count, 'object')}, ${formatBytes(bytes)}: ${names}`;
}

function layoutLines({ key, input, container_path: path, outputs }: PlannedLayout): string[] {
  return [
    `Layout of ${printable(key)}`,
    `  read from     ${printable(input)}`,
    `  found at      ${printable(path)} in the container`,
    ...outputs.flatMap((output) => [
      `  must leave    ${printable(output.container_path)} in the container`,
      `  published as  ${printable(output.output)}`,
    ]),
  ];
}
