/** Asks the orchestrator of a fleet for its workers. */
import { requestJson } from '@longshore/adapters/http';
import type { WorkerAnswer, WorkerSummary } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { userToken } from '../client/user-token.js';
import type { WorkersClient } from './fleet-view.js';

const answerWithinMs = 10_000;

export function workersClient(url: string): WorkersClient {
  const token = userToken();
  const jobs = new JobsClient(url, token);
  return {
    everyWorker: (): AsyncIterable<WorkerSummary> => jobs.everyWorker(),
    worker: (id) =>
      requestJson<WorkerAnswer>({
        url,
        method: 'GET',
        path: `/api/v1/workers/${encodeURIComponent(id)}`,
        body: undefined,
        headers: {},
        token,
        withinMs: answerWithinMs,
        remedy: 'Start one with "longshore orchestrator", or name another with --url.',
      }),
  };
}
