/** Values from this machine and from the orchestrator, for those who press the tab key: at once or not at all, and never an error. */
import { installedPlugins } from '@longshore/adapters/plugin-loader';
import { requestJson } from '@longshore/adapters/http';
import { Settings } from '@longshore/adapters/settings';
import { errorCodes } from '@longshore/core';
import type { JobPageAnswer, PageAnswer, WorkerSummary } from '@longshore/core/protocol';
import type { Candidate, Sources } from './complete.js';
import type { Place } from './place.js';

/** Who waits longer than this for a tab thinks that it is broken. */
const withinMs = 1_000;
const most = 50;

export const sources: Sources = {
  plugins: () =>
    quietly(async () => (await installedPlugins()).map((value) => ({ value, description: 'an installed plugin' }))),

  reasons: () =>
    Object.entries(errorCodes)
      .filter(([, failureClass]) => failureClass !== 'request')
      .map(([value, failureClass]) => ({ value, description: failureClass })),

  jobs: (line) =>
    quietly(async () => {
      const { items } = await ask<JobPageAnswer>(line, `/api/v1/jobs?limit=${most}`);
      return items.map(({ id, state, plugin }) => ({ value: id, description: `${state}, ${plugin}` }));
    }),

  workers: (line) =>
    quietly(async () => {
      const { items } = await ask<PageAnswer<WorkerSummary>>(line, `/api/v1/workers?limit=${most}`);
      const here = items.filter(({ state }) => state !== 'shutting-down');
      return here.map(({ id, state, hostname }) => ({ value: id, description: `${state}, ${hostname}` }));
    }),
};

/** Asks the orchestrator that the line names, as the command itself would. */
function ask<T>({ given }: Place, path: string): Promise<T> {
  const file = given.get('--token-file');
  const settings = new Settings(file === undefined ? process.env : { LONGSHORE_TOKEN_FILE: file });
  const url = given.get('--url') ?? new Settings(process.env).text('LONGSHORE_URL', 'http://127.0.0.1:8480');
  const token = settings.secret('LONGSHORE_TOKEN');
  return requestJson<T>({ url, method: 'GET', path, token, withinMs, remedy: '' });
}

async function quietly(find: () => Promise<Candidate[]>): Promise<Candidate[]> {
  return find().catch(() => []);
}
