/** Shows a job until it has ended: what the event stream tells, and what has to be asked for. */
import { endedJobStates } from '@longshore/core';
import type { JobAnswer } from '@longshore/core/protocol';
import { changes } from '../client/changes.js';
import type { Told } from '../client/job-events.js';
import type { JobsClient } from '../client/jobs-client.js';
import { persistently } from '../client/patience.js';
import { workforceOf, type Snapshot } from './snapshot.js';

export interface View extends AsyncDisposable {
  /** Whether it shows more than the job itself. */
  readonly wantsAll: boolean;
  told(one: Told): void;
  show(snapshot: Snapshot): void;
}

const rhythm = { leastMs: 500, idleMs: 5_000, pollMs: 1_000 };
const failuresShown = 4;
/** With very many of them it takes several pages. */
const workersEveryMs = 5_000;
/** Whoever has just started one wants to see it. */
const nobodyEveryMs = 1_000;

/** @throws the signal's reason; LongshoreError when nobody answers for long */
export async function watchJob(client: JobsClient, id: string, view: View, signal: AbortSignal): Promise<JobAnswer> {
  let workforce: Snapshot['workforce'];
  let workersAt = -Infinity;
  for await (const { told } of changes(client.api, id, rhythm, signal)) {
    told.forEach((one) => view.told(one));
    const { job, ...rest } = await persistently(() => look(client, id, view.wantsAll), signal);
    const isDue = performance.now() - workersAt > (workforce?.workers === 0 ? nobodyEveryMs : workersEveryMs);
    if (view.wantsAll && isDue) {
      workforce = await persistently(() => workforceOf(client.everyWorker(), job.plugin), signal);
      workersAt = performance.now();
    }
    view.show({ job, ...rest, workforce });
    if (endedJobStates.includes(job.state)) return job;
  }
  throw signal.reason;
}

async function look(client: JobsClient, id: string, all: boolean): Promise<Snapshot> {
  if (!all) return { job: await client.job(id), failures: [] };
  const [job, numbers, failures] = await Promise.all([
    client.job(id),
    client.numbers(id),
    client.failures(id, failuresShown),
  ]);
  return { job, numbers, failures };
}
