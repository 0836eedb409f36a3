/** Follows a job until it needs nobody any more: it has ended, or it is paused and waits for a person. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JobState } from '@longshore/core';
import type { JobAnswer } from '@longshore/core/protocol';
import type { JobsClient } from '../client/jobs-client.js';
import { persistently } from '../client/patience.js';
import type { Progress } from '../terminal/progress.js';

const over: readonly JobState[] = ['completed', 'failed', 'cancelled', 'paused'];
const everyMs = 300;

export async function awaitEnd(
  client: JobsClient,
  jobId: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<JobAnswer> {
  for (;;) {
    const job = await persistently(() => client.job(jobId), signal);
    progress.show(job);
    if (over.includes(job.state)) {
      progress.end();
      return job;
    }
    await sleep(everyMs, undefined, signal ? { signal } : {});
  }
}
