/** How everything stands in a store that forgets. */
import type { VitalSigns, WorkerGroup } from '../ports/job-insight.js';
import type { Job } from '../words/job.js';
import { workerStates, type Worker } from '../words/worker.js';

export interface Standing {
  jobs: () => Job[];
  workers: () => Worker[];
  unsent: () => { failures: number }[];
}

export function vitalSignsOf({ jobs, workers, unsent }: Standing): VitalSigns {
  const waiting = unsent();
  const open = jobs().filter(({ state }) => state === 'pending' || state === 'running');
  const scanning = open.filter(({ scan }) => scan !== 'done');
  return {
    waitingTasks: open.reduce((sum, { state, counts }) => sum + (state === 'running' ? counts.tasks.available : 0), 0),
    scans: {
      running: scanning.length,
      objectsListed: scanning.reduce((sum, { objectsListed }) => sum + objectsListed, 0),
    },
    workers: workerStates.flatMap((state) => groupOf(workers().filter((one) => one.state === state)) ?? []),
    outbox: { waiting: waiting.length, failing: waiting.filter(({ failures }) => failures > 0).length },
  };
}

function groupOf(workers: readonly Worker[]): WorkerGroup | undefined {
  const [first] = workers;
  if (!first) return undefined;
  const free = workers.flatMap(({ stats }) => stats?.diskFreeBytes ?? []);
  return {
    state: first.state,
    count: workers.length,
    slots: workers.reduce((sum, { slots }) => sum + slots, 0),
    ...(free.length > 0 && { diskFreeBytes: Math.min(...free) }),
  };
}
