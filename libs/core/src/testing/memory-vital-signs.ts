/** How everything stands in a store that forgets. */
import { workerGroups } from '../lifecycle/worker-groups.js';
import type { VitalSigns } from '../ports/job-insight.js';
import type { Job } from '../words/job.js';
import type { Worker } from '../words/worker.js';

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
    workers: workerGroups(workers()),
    outbox: { waiting: waiting.length, failing: waiting.filter(({ failures }) => failures > 0).length },
  };
}
