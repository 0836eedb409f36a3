/** A plan without an orchestrator of one's own: one is started for the moment, and a worker only where the image decides. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LongshoreError } from '@longshore/core';
import type { PlanAnswer, PlanRequest } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { BackgroundProcess } from './child-process.js';
import { privateAddress, privateCluster } from './private-cluster.js';
import { RunTokens } from './run-tokens.js';

const stopWithinMs = 15_000;
const lookAgainMs = 100;

export async function planLocally(request: PlanRequest, pluginSource: string): Promise<PlanAnswer> {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-plan-'));
  const tokens = new RunTokens();
  const environment = { LONGSHORE_STATE: folder, LONGSHORE_PLUGINS: pluginSource, LONGSHORE_WHEN_DONE: 'wait' };
  const orchestrator = BackgroundProcess.start(
    '@longshore/orchestrator/main',
    { ...tokens.ofOrchestrator, ...privateCluster(request), ...environment, ...privateAddress },
    join(folder, 'orchestrator.log'),
  );
  try {
    const url = await orchestrator.ready();
    if (url === undefined) throw new LongshoreError('internal-error', 'The orchestrator did not say where it serves.');
    const client = new JobsClient(url, tokens.admin);
    const answer = await client.plan(request);
    if (!answer.image.is_missing || request.imageDigest !== undefined) return answer;
    return await withWorker({ url, tokens, request, pluginSource, folder }, client, () => client.plan(request));
  } finally {
    await orchestrator.stop(stopWithinMs);
    await rm(folder, { recursive: true, force: true });
  }
}

interface WorkerPlace {
  url: string;
  tokens: RunTokens;
  request: PlanRequest;
  pluginSource: string;
  folder: string;
}

/** The worker brings the image to this machine, as a run would, and says which one it is. */
async function withWorker<T>(place: WorkerPlace, client: JobsClient, work: () => Promise<T>): Promise<T> {
  const worker = BackgroundProcess.start(
    '@longshore/worker/main',
    {
      ...place.tokens.ofWorkers,
      ...privateCluster(place.request),
      LONGSHORE_URL: place.url,
      LONGSHORE_PLUGIN: place.pluginSource,
      LONGSHORE_WORKER_NAME: `plan-${process.pid}`,
      LONGSHORE_WORK: join(place.folder, 'work'),
    },
    join(place.folder, 'worker.log'),
  );
  try {
    await worker.ready();
    while (!(await client.hasWorkers())) await sleep(lookAgainMs);
    return await work();
  } finally {
    await worker.stop(stopWithinMs);
  }
}
