/** A task in words, for people at a terminal. */
import { formatBytes } from '@longshore/core';
import type { AttemptAnswer, ObjectAnswer, OutputAnswer, TaskAnswer, TaskDetailAnswer } from '@longshore/core/protocol';
import { counted } from './counted.js';
import { duration, printable } from './job-text.js';

export function taskLine({ id, state, object_count: objects, file_names: names, failed_attempts, losses }: TaskAnswer) {
  const [first = ''] = names;
  const what = objects > 1 ? `${printable(first)} and ${objects - 1} more` : printable(first);
  const tried = failed_attempts + losses > 0 ? `  (${counted(failed_attempts, 'attempt')} failed, ${losses} lost)` : '';
  return `${id}  ${state.padEnd(9)}  ${what}${tried}`;
}

export interface AroundTask {
  objects: readonly ObjectAnswer[];
  outputs: readonly OutputAnswer[];
  sentences: readonly string[];
}

/** The sentences say where it is, and name its attempts; the rest is what they leave out. */
export function taskText(task: TaskDetailAnswer, { objects, outputs, sentences }: AroundTask): string {
  const made = task.manifest?.outputs ?? 0;
  const lines = [
    ...sentences.map(printable),
    `objects: ${task.object_count}`,
    ...objects.map(({ key, size_bytes: size }) => `  ${printable(key)}  ${formatBytes(size)}`),
    ...more(task.object_count - objects.length),
    ...(made > 0 ? [`outputs: ${made}`] : []),
    ...outputs.map(({ key, size_bytes: size }) => `  ${printable(key)}  ${formatBytes(size)}`),
    ...more(made - outputs.length),
    ...(task.attempts.length > 0
      ? [`What its containers printed: longshore logs ${task.job_id} --task ${task.id}`]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

function more(count: number): string[] {
  return count > 0 ? [`  and ${count} more`] : [];
}

/** How an attempt went, as one line. */
export function attemptLine({ number, worker_id: worker, outcome, failure, ...times }: AttemptAnswer): string {
  const { started_at: from, ended_at: to } = times;
  const took = to === undefined ? '' : ` after ${duration(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000)}`;
  const why = failure ? `, ${failure.code}: ${printable(failure.message)}` : '';
  return `attempt ${number} on worker ${printable(worker)}: ${outcome}${took}${why}`;
}
