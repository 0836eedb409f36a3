/** I5: nothing is tried more often than the job allows. */
import { openTaskStates, type Task } from '../words/task.js';
import { broken, type Invariant, type JobInView } from './invariant.js';

export const budgets: Invariant = {
  id: 'I5',
  sentence: 'No task fails or is lost more often than its job allows, and none that is out of either is tried again.',
  look: (view) => ({ task: (task) => spendingOf(task, view), end: () => [] }),
};

function spendingOf(task: Task, { job }: JobInView): string[] {
  const { id, state, failedAttempts, maxAttempts, losses, maxLosses } = task;
  const { policy } = job.spec;
  const isOpen = openTaskStates.includes(state);
  return broken(
    [!(failedAttempts <= maxAttempts), `Task ${id} failed ${failedAttempts} times of ${maxAttempts}.`],
    [!(losses <= maxLosses), `Task ${id} was lost ${losses} times of ${maxLosses}.`],
    [
      !(maxAttempts <= policy.maxAttempts),
      `Task ${id} may fail ${maxAttempts} times, its job allows ${policy.maxAttempts}.`,
    ],
    [
      !(maxLosses <= policy.maxLosses),
      `Task ${id} may be lost ${maxLosses} times, its job allows ${policy.maxLosses}.`,
    ],
    [isOpen && failedAttempts >= maxAttempts, `Task ${id} is ${state} and has no attempt left.`],
    [isOpen && losses >= maxLosses, `Task ${id} is ${state} and has no loss left.`],
  );
}
