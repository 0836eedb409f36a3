/** The life of a task as one table; `docs/task-life-cycle.md` draws it, and a test compares the two. */
import { LongshoreError } from '../errors/longshore-error.js';
import type { TaskState } from '../words/task.js';

export interface TaskTransition {
  from: TaskState;
  event: TaskEvent;
  to: TaskState;
  /** Who moves a task this way. */
  by: 'leases' | 'worker' | 'rescuer' | 'publisher' | 'person';
}

export type TaskEvent =
  | 'lease'
  | 'acknowledge'
  | 'renew'
  | 'overtake'
  | 'accept'
  | 'publish'
  | 'retry'
  | 'release'
  | 'exhaust'
  | 'split'
  | 'withdraw'
  | 'forfeit'
  | 'cancel'
  | 'hasten'
  | 'redrive';

export const taskTransitions: readonly TaskTransition[] = [
  { from: 'available', event: 'lease', to: 'leased', by: 'leases' },
  { from: 'available', event: 'hasten', to: 'available', by: 'person' },
  { from: 'available', event: 'cancel', to: 'cancelled', by: 'person' },
  { from: 'leased', event: 'acknowledge', to: 'leased', by: 'worker' },
  { from: 'leased', event: 'renew', to: 'leased', by: 'worker' },
  { from: 'leased', event: 'overtake', to: 'leased', by: 'leases' },
  { from: 'leased', event: 'accept', to: 'accepted', by: 'worker' },
  { from: 'leased', event: 'retry', to: 'available', by: 'worker' },
  { from: 'leased', event: 'release', to: 'available', by: 'rescuer' },
  { from: 'leased', event: 'exhaust', to: 'dead', by: 'leases' },
  { from: 'leased', event: 'split', to: 'split', by: 'leases' },
  { from: 'leased', event: 'cancel', to: 'cancelled', by: 'person' },
  { from: 'accepted', event: 'renew', to: 'accepted', by: 'worker' },
  { from: 'accepted', event: 'publish', to: 'completed', by: 'publisher' },
  { from: 'accepted', event: 'withdraw', to: 'available', by: 'publisher' },
  { from: 'accepted', event: 'forfeit', to: 'dead', by: 'publisher' },
  { from: 'dead', event: 'redrive', to: 'available', by: 'person' },
];

/**
 * The state an event leads to.
 *
 * @throws LongshoreError `transition-refused` where the table has no such line.
 */
export function nextTaskState(from: TaskState, event: TaskEvent): TaskState {
  const found = taskTransitions.find((line) => line.from === from && line.event === event);
  if (!found) {
    throw new LongshoreError('transition-refused', `A task that is ${from} cannot be changed by "${event}".`);
  }
  return found.to;
}
