/** What is known of a job at one moment. */
import type { FailureGroupAnswer, JobAnalyticsAnswer, JobAnswer, WorkerSummary } from '@longshore/core/protocol';

export interface Workforce {
  /** Those that can work on the job. */
  workers: number;
  busy: number;
  slots: number;
  slotsTaken: number;
}

export interface Snapshot {
  job: JobAnswer;
  numbers?: JobAnalyticsAnswer | undefined;
  /** The gravest first. */
  failures: readonly FailureGroupAnswer[];
  workforce?: Workforce | undefined;
}

export async function workforceOf(everyWorker: AsyncIterable<WorkerSummary>, plugin: string): Promise<Workforce> {
  const found: Workforce = { workers: 0, busy: 0, slots: 0, slotsTaken: 0 };
  for await (const worker of everyWorker) {
    const serves = worker.plugin === plugin || worker.capabilities.includes(plugin);
    // One that was lost with a task is unavailable until it is heard of again.
    if (!serves || worker.state === 'shutting-down' || worker.state === 'unavailable') continue;
    found.workers += 1;
    found.busy += worker.held_tasks > 0 ? 1 : 0;
    found.slots += worker.slots;
    found.slotsTaken += Math.min(worker.slots, worker.held_tasks);
  }
  return found;
}
