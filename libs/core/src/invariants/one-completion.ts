/** I2: a result counts once, and it is the newest attempt's. */
import type { Attempt } from '../words/attempt.js';
import type { Task } from '../words/task.js';
import { broken, type Invariant } from './invariant.js';

export const oneCompletion: Invariant = {
  id: 'I2',
  sentence: 'A task has at most one accepted completion, and that one carries the highest fence ever issued for it.',
  look: () => ({ task: completionsOf, end: () => [] }),
};

function completionsOf(task: Task, attempts: readonly Attempt[]): string[] {
  const { id, state, manifest, fence, carried = false } = task;
  const completed = attempts.filter(({ outcome }) => outcome === 'completed');
  const highest = Math.max(fence, ...attempts.map(({ number }) => number));
  const hasResult = state === 'accepted' || state === 'completed';
  return broken(
    [hasResult && !manifest, `Task ${id} is ${state} without a manifest.`],
    [!hasResult && manifest !== undefined, `Task ${id} is ${state} and still has a manifest.`],
    [
      manifest !== undefined && manifest.attempt !== highest,
      `The manifest of task ${id} is of attempt ${manifest?.attempt}, and fence ${highest} was issued.`,
    ],
    [completed.length > 1, `Task ${id} has ${completed.length} attempts that completed it.`],
    [
      completed.length === 1 && completed[0]?.number !== highest,
      `Task ${id} was completed by attempt ${completed[0]?.number}, and fence ${highest} was issued.`,
    ],
    [
      state === 'completed' && completed.length === 0 && !carried,
      `Task ${id} is completed, and no attempt completed it.`,
    ],
    [
      carried && (state !== 'completed' || fence > 0),
      `Task ${id} holds results of earlier jobs, and is not as it was made.`,
    ],
    [state !== 'completed' && completed.length > 0, `Task ${id} is ${state}, and an attempt completed it.`],
  );
}
