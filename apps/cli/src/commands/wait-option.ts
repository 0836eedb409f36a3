/** `--wait`: a command that has begun work stays until it is over. */
import type { Command } from 'commander';
import type { JobsClient } from '../client/jobs-client.js';
import { awaitEnd } from '../run/await-end.js';
import { untilInterrupted } from '../terminal/interrupt.js';
import { createProgress } from '../terminal/progress.js';
import { exitCodeOf, reportEnd } from '../terminal/report-end.js';
import type { OutputOptions } from './client-options.js';

export interface WaitOptions extends OutputOptions {
  wait?: true;
}

export function addWaitOption(command: Command): Command {
  return command.option('--wait', 'stay until the job has ended; Ctrl-C leaves, and the job goes on');
}

/** @returns the exit code of the command */
export function waitForEnd(client: JobsClient, jobId: string, options: OutputOptions): Promise<number> {
  const quiet = options.quiet ?? false;
  return untilInterrupted({ jobId, quiet }, async (signal) => {
    const progress = createProgress(quiet);
    try {
      const job = await awaitEnd(client, jobId, progress, signal);
      if (!quiet || options.json) return await reportEnd(client, job, options.json ?? false);
      process.stdout.write(`${job.id}\n`);
      return exitCodeOf(job);
    } finally {
      progress.end();
    }
  });
}
