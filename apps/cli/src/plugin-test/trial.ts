/** Runs a plugin really, on objects to try it on, the way `longshore run` does. */
import { LongshoreError } from '@longshore/core';
import type { CreateJobRequest, JobAnswer, TaskAnswer } from '@longshore/core/protocol';
import { runLocally } from '../run/local-run.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { lastLines } from '../terminal/job-text.js';
import { counted, failed, ok, type Check } from './check.js';

export interface Trial {
  pluginSource: string;
  plugin: string;
  params: Record<string, unknown>;
  /** Locations. */
  input: string;
  output: string;
  /** Most objects in a task; what the orchestrator thinks best, otherwise. */
  batchSize?: number;
}

export interface TrialEnd {
  job: JobAnswer;
  dead: TaskAnswer[];
  seconds: number;
}

const deadShown = 5;

/** @throws LongshoreError `worker-stopped` when somebody interrupts it */
export async function runTrial({ pluginSource, batchSize, ...named }: Trial): Promise<TrialEnd> {
  const request: CreateJobRequest = {
    ...named,
    skip: { by: 'none' },
    // What fails here shall be told at once, and not tried again.
    policy: { maxAttempts: 1, maxLosses: 3 },
    ...(batchSize !== undefined && { batching: { maxObjects: batchSize } }),
  };
  const from = performance.now();
  let end: TrialEnd | undefined;
  await runLocally({ request, pluginSource, workers: 1, slots: 1, json: false, quiet: true }, async (client, job) => {
    const dead = job.objects.dead > 0 ? await client.deadTasks(job.id, deadShown) : [];
    end = { job, dead, seconds: (performance.now() - from) / 1000 };
    return exitCodes.done;
  });
  if (!end) throw new LongshoreError('worker-stopped', 'Interrupted; containers are stopped.');
  return end;
}

export function checkTrial({ job, dead, seconds }: TrialEnd): Check {
  if (job.state === 'completed' && dead.length === 0) {
    return ok('run', `${counted(job.objects.completed, 'object')} done in ${seconds.toFixed(1)} s`);
  }
  const findings = dead.flatMap(({ file_names: [first = ''], failure }) => [
    `${first}: ${failure?.message ?? 'set aside'}`,
    ...lastLines(failure?.log).map((line) => `| ${line}`),
  ]);
  if (dead.length === 0) return failed('run', job.failure?.message ?? `The job is ${job.state}.`, '');
  const says = `${counted(job.objects.dead, 'object')} could not be done.`;
  return failed('run', says, 'Mend the command; what it printed last stands here.', findings);
}
