/** A task as a list shows it: without its objects, of which there may be very many. */
import type { Task } from './task.js';

/** As many names as a list shows of a task. */
export const keysShown = 20;

export interface TaskSummary extends Omit<Task, 'objects' | 'manifest'> {
  objectCount: number;
  /** The keys of its first objects, at most `keysShown`. */
  firstKeys: string[];
  /** Done on the word of a legacy worker. */
  unverified?: true;
}

export function summaryOf({ objects, manifest, ...task }: Task): TaskSummary {
  return {
    ...task,
    objectCount: objects.length,
    firstKeys: objects.slice(0, keysShown).map(({ key }) => key),
    ...(manifest?.unverified && { unverified: true }),
  };
}
