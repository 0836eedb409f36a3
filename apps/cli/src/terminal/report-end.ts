/** The last words about a job, and the exit code that says the same. */
import type { JobAnswer } from '@longshore/core/protocol';
import type { JobsClient } from '../client/jobs-client.js';
import { exitCodes } from './exit-codes.js';
import { endLines } from './job-text.js';

const deadShown = 10;

export async function reportEnd(client: JobsClient, job: JobAnswer, json: boolean): Promise<number> {
  const dead = job.objects.dead > 0 && !json ? await client.deadTasks(job.id, deadShown) : [];
  process.stdout.write(json ? `${JSON.stringify(job, undefined, 2)}\n` : `${endLines(job, dead).join('\n')}\n`);
  return exitCodeOf(job);
}

export function exitCodeOf(job: JobAnswer): number {
  const wentThrough = job.state === 'completed' || job.failure?.code === 'command-failed';
  if (job.objects.dead > 0 && wentThrough) return exitCodes.deadLetters;
  return job.state === 'completed' ? exitCodes.done : exitCodes.error;
}
