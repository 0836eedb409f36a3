/** Follows a job until it needs nobody any more: it has ended, or it is paused and waits for a person. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LongshoreError, type JobState } from '@longshore/core';
import type { JobAnswer } from '@longshore/core/protocol';
import type { JobsClient } from '../client/jobs-client.js';
import type { Progress } from '../terminal/progress.js';

const over: readonly JobState[] = ['completed', 'failed', 'cancelled', 'paused'];
const everyMs = 300;
const restartWithinMs = 60_000;

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

/** An orchestrator that is being restarted is no reason to leave. */
async function persistently<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  for (const until = performance.now() + restartWithinMs; ;) {
    try {
      return await ask();
    } catch (thrown) {
      const mayPass = thrown instanceof LongshoreError && thrown.code === 'orchestrator-unreachable';
      if (!mayPass || performance.now() > until) throw thrown;
      await sleep(everyMs, undefined, signal ? { signal } : {});
    }
  }
}
