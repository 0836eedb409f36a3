/** What an invariant is: a sentence that holds for every job at every moment, and a look that says where it does not. */
import type { JobPlugin } from '../plugin/job-plugin.js';
import type { Attempt } from '../words/attempt.js';
import type { Job } from '../words/job.js';
import type { Task } from '../words/task.js';

export const invariantIds = ['I1', 'I2', 'I4', 'I5', 'I6', 'I7', 'I11'] as const;
export type InvariantId = (typeof invariantIds)[number];

/** What is known of the job whose tasks are looked at. */
export interface JobInView {
  job: Job;
  /** Absent where nobody knows it any more; what needs its hooks is not looked at then. */
  plugin?: JobPlugin | undefined;
}

/** One look over one job. Every task is shown once, then the end; each answers with sentences about what is broken. */
export interface Look {
  task(task: Task, attempts: readonly Attempt[]): string[];
  end(): string[];
}

export interface Invariant {
  id: InvariantId;
  sentence: string;
  look(view: JobInView): Look;
}

/** The sentences whose condition is true. */
export function broken(...conditions: readonly (readonly [boolean, string])[]): string[] {
  return conditions.filter(([isBroken]) => isBroken).map(([, sentence]) => sentence);
}
