/** Workers counted by state. */
import type { WorkerGroup } from '../ports/job-insight.js';
import type { Worker, WorkerState } from '../words/worker.js';

/** One group for each state that there is a worker in. */
export function workerGroups(workers: Iterable<Worker>): WorkerGroup[] {
  const groups = new Map<WorkerState, WorkerGroup>();
  for (const { state, slots, stats } of workers) {
    const { count, slots: before, diskFreeBytes: least } = groups.get(state) ?? { count: 0, slots: 0 };
    const free = Math.min(least ?? Infinity, stats?.diskFreeBytes ?? Infinity);
    const group = { state, count: count + 1, slots: before + slots };
    groups.set(state, Number.isFinite(free) ? { ...group, diskFreeBytes: free } : group);
  }
  return [...groups.values()];
}
