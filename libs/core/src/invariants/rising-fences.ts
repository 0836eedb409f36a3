/** I4: no fence is ever issued twice, however often the state was restored. */
import { fencesPerEpoch } from '../lifecycle/epochs.js';
import type { Attempt } from '../words/attempt.js';
import type { Task } from '../words/task.js';
import { broken, type Invariant } from './invariant.js';

export const risingFences: Invariant = {
  id: 'I4',
  sentence:
    'The fence of a task rises by one with every attempt, and by a large step only where the state was restored.',
  look: () => ({ task: fencesOf, end: () => [] }),
};

function fencesOf(task: Task, attempts: readonly Attempt[]): string[] {
  const last = attempts.at(-1);
  const [newest, started] = [last?.number ?? 0, last?.startedAt ?? task.createdAt];
  const steps = attempts.map((attempt, index) => ({ attempt, before: attempts[index - 1] }));
  return [
    ...broken(
      [newest !== task.fence, `Task ${task.id} has fence ${task.fence}, and its newest attempt is ${newest}.`],
      [started < task.createdAt, `Task ${task.id} was tried before it was made.`],
    ),
    ...steps
      .filter(({ attempt, before }) => !follows(attempt.number, before?.number ?? 0))
      .map(
        ({ attempt, before }) => `Attempt ${attempt.number} of task ${task.id} follows attempt ${before?.number ?? 0}.`,
      ),
    ...steps
      .filter(({ attempt, before }) => before !== undefined && attempt.startedAt < before.startedAt)
      .map(({ attempt }) => `Attempt ${attempt.number} of task ${task.id} began before the one it follows.`),
  ];
}

function follows(number: number, before: number): boolean {
  return number === before + 1 || (number > before && number % fencesPerEpoch === 1);
}
