/** A whole run on this machine: an orchestrator and workers that live as long as the job. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { LongshoreError } from '@longshore/core';
import type { CreateJobRequest, JobAnswer } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { createProgress } from '../terminal/progress.js';
import { reportEnd } from '../terminal/report-end.js';
import { awaitEnd } from './await-end.js';
import { BackgroundProcess } from './child-process.js';
import { LocalWorkers } from './local-workers.js';
import { privateAddress, privateCluster } from './private-cluster.js';
import { RunTokens } from './run-tokens.js';

export interface LocalRun {
  request: CreateJobRequest;
  /** What the plugin is loaded from: its name or its absolute path. */
  pluginSource: string;
  workers: number;
  slots: number;
  json: boolean;
  quiet: boolean;
  /** Whether everything stays after the job, because the ending submits another. */
  stays?: boolean;
}

const leaveWithinMs = 10_000;
const stopWithinMs = 10_000;

/** What is made of a job that has ended. @returns the exit code of the command */
export type Ending = (client: JobsClient, job: JobAnswer, signal: AbortSignal) => Promise<number>;

/** @returns the exit code of the command */
export async function runLocally(
  run: LocalRun,
  ending: Ending = (client, job) => reportEnd(client, job, run.json),
): Promise<number> {
  const progress = createProgress(run.quiet);
  const folder = await newRunFolder();
  const interrupt = new AbortController();
  const leaving = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupt.abort());

  const tokens = new RunTokens();
  const orchestrator = startOrchestrator(run, folder, tokens);
  let workers: LocalWorkers | undefined;
  let leaveMs = 0;
  try {
    const url = await orchestrator.ready();
    if (url === undefined) throw new LongshoreError('internal-error', 'The orchestrator did not say where it serves.');
    const client = new JobsClient(url, tokens.admin);
    const job = await client.submit(run.request, randomUUID());
    progress.say(`Job ${job.id}; logs in ${folder}`);
    workers = new LocalWorkers(folder, workerEnvironment(run, url, tokens), (line) => progress.say(line));
    workers.start(run.workers);
    const lostOrchestrator = orchestrator.ended.then(() => {
      throw new LongshoreError(
        'internal-error',
        `The orchestrator ended too early; ${folder}/orchestrator.log says why.`,
      );
    });
    lostOrchestrator.catch(() => undefined);
    const ended = await Promise.race([
      awaitEnd(client, job.id, progress, AbortSignal.any([interrupt.signal, leaving.signal])),
      workers.broken,
      lostOrchestrator,
    ]);
    if (run.stays) return await Promise.race([ending(client, ended, interrupt.signal), workers.broken]);
    leaveMs = ended.state === 'paused' ? 0 : leaveWithinMs;
    return await ending(client, ended, interrupt.signal);
  } catch (thrown) {
    progress.end();
    if (!interrupt.signal.aborted) throw thrown;
    progress.say('Interrupted; stopping containers.');
    return exitCodes.interrupted;
  } finally {
    leaving.abort();
    await workers?.stop(leaveMs);
    await orchestrator.stop(stopWithinMs);
  }
}

function startOrchestrator(run: LocalRun, folder: string, tokens: RunTokens): BackgroundProcess {
  return BackgroundProcess.start(
    '@longshore/orchestrator/main',
    {
      ...tokens.ofOrchestrator,
      ...privateCluster(run.request),
      ...privateAddress,
      LONGSHORE_STATE: folder,
      LONGSHORE_PLUGINS: run.pluginSource,
      LONGSHORE_WHEN_DONE: run.stays ? 'wait' : 'shutdown',
    },
    join(folder, 'orchestrator.log'),
  );
}

function workerEnvironment(run: LocalRun, url: string, tokens: RunTokens): Record<string, string> {
  return {
    ...tokens.ofWorkers,
    ...privateCluster(run.request),
    LONGSHORE_URL: url,
    LONGSHORE_PLUGIN: run.pluginSource,
    LONGSHORE_SLOTS: String(run.slots),
    LONGSHORE_WORKER_NAME: `run-${process.pid}`,
    // One folder for all runs, so that the next one clears what a killed one left.
    LONGSHORE_WORK: join(longshoreHome(), 'work'),
  };
}

/** State and logs stay after the run, so that what went wrong can be read. */
async function newRunFolder(): Promise<string> {
  const time = new Date().toISOString().replace(/[:.]/g, '-');
  const folder = join(longshoreHome(), 'runs', `${time}-${process.pid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

function longshoreHome(): string {
  return process.env.LONGSHORE_HOME ?? join(homedir(), '.longshore');
}
