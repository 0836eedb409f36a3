/** Follows a job until it needs nobody any more: it has ended, or it is paused and waits for a person. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobState } from '@longshore/core';
import type { JobAnswer } from '@longshore/core/protocol';
import type { JobsClient } from '../client/jobs-client.js';
import { persistently } from '../client/patience.js';
import type { Pace } from '../terminal/job-text.js';
import type { Progress } from '../terminal/progress.js';

const over: readonly JobState[] = ['completed', 'failed', 'cancelled', 'paused'];
const everyMs = 300;
/** It changes slowly, and costs more than the job itself. */
const paceEveryMs = 3_000;

export async function awaitEnd(
  client: JobsClient,
  jobId: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<JobAnswer> {
  let pace: Pace | undefined;
  let paceAt = -Infinity;
  for (;;) {
    const job = await persistently(() => client.job(jobId), signal);
    if (progress.wantsPace && job.state === 'running' && performance.now() - paceAt > paceEveryMs) {
      pace = await persistently(() => client.numbers(job.id), signal);
      paceAt = performance.now();
    }
    progress.show(job, job.state === 'running' ? pace : undefined);
    if (over.includes(job.state)) {
      progress.end();
      return job;
    }
    await sleep(everyMs, undefined, signal ? { signal } : {});
  }
}
