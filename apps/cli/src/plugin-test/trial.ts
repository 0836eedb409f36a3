/** Runs a plugin really, on objects to try it on, the way `longshore run` does. */
import { randomUUID } from 'node:crypto';
import { LongshoreError } from '@longshore/core';
import type { CreateJobRequest, JobAnswer, TaskAnswer } from '@longshore/core/protocol';
import type { JobsClient } from '../client/jobs-client.js';
import { awaitEnd } from '../run/await-end.js';
import { runLocally } from '../run/local-run.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { createProgress } from '../terminal/progress.js';
import { lastLines } from '../terminal/job-text.js';
import { counted } from '../terminal/counted.js';
import { failed, ok, type Check } from './check.js';

export interface Trial {
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

/**
 * Both on one orchestrator and one worker, because starting them takes longer than most plugins need for a few objects.
 *
 * @param goesOn whether there is to be a second run after the first
 * @returns the end of the second one, if there was one
 * @throws LongshoreError `worker-stopped` when somebody interrupts it
 */
export async function runTwice(
  pluginSource: string,
  [first, second]: readonly [Trial, Trial],
  goesOn: (end: TrialEnd) => Promise<boolean>,
): Promise<TrialEnd | undefined> {
  let again: TrialEnd | undefined;
  const run = { request: requestOf(first), pluginSource, workers: 1, slots: 1, json: false, quiet: true, stays: true };
  const code = await runLocally(run, async (client, job, signal) => {
    if (!(await goesOn(await endOf(client, job)))) return exitCodes.done;
    const { id } = await client.submit(requestOf(second), randomUUID());
    again = await endOf(client, await awaitEnd(client, id, createProgress(true), signal));
    return exitCodes.done;
  });
  if (code !== exitCodes.interrupted) return again;
  throw new LongshoreError('worker-stopped', 'Interrupted; containers are stopped.');
}

function requestOf({ batchSize, ...named }: Trial): CreateJobRequest {
  return {
    ...named,
    skip: { by: 'none' },
    // What fails here shall be told at once, and not tried again.
    policy: { maxAttempts: 1, maxLosses: 3 },
    ...(batchSize !== undefined && { batching: { maxObjects: batchSize } }),
  };
}

async function endOf(client: JobsClient, job: JobAnswer): Promise<TrialEnd> {
  const dead = job.objects.dead > 0 ? await client.deadTasks(job.id, deadShown) : [];
  const seconds = (Date.parse(job.ended_at ?? job.created_at) - Date.parse(job.created_at)) / 1000;
  return { job, dead, seconds };
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
