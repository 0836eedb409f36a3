/** Schemas of answers about tokens, plugins and the orchestrator itself, and of events. */
import { lifecycles, networks, roles, type InvariantId } from '@longshore/core';
import type {
  CreatedTokenAnswer,
  InvariantAnswer,
  InvariantsAnswer,
  JobEvent,
  ManyTasksEvent,
  PluginAnswer,
  ResyncEvent,
  RevokeAnswer,
  TaskEvent,
  TokenMessage,
  WhoAmIAnswer,
  WorkerEvent,
} from '@longshore/core/protocol';
import {
  amount,
  anyFields,
  explained,
  fields,
  integer,
  list,
  maybe,
  oneOf,
  text,
  time,
  truth,
  type Described,
} from '../schema-words.js';
import { jobState, scanState } from './jobs.js';
import { byState } from './shared.js';
import { taskState } from './tasks.js';
import { workerState } from './workers.js';

const tokenFields = {
  id: text(),
  role: oneOf(roles),
  label: maybe(text()),
  valid: explained(truth, 'False when it was revoked or has expired.'),
  created_at: time,
  expires_at: maybe(time),
  revoked_at: maybe(time),
  last_used_at: maybe(time),
  uses: maybe(integer()),
  max_uses: maybe(integer()),
  plugin: maybe(text()),
  worker_id: maybe(text()),
  parent_id: maybe(text()),
};

export const token = fields<TokenMessage>(tokenFields);
export const createdToken = fields<CreatedTokenAnswer>({
  ...tokenFields,
  token: explained(text(), 'The secret. It is shown this once.'),
});
export const revoked = fields<RevokeAnswer>({ revoked: list(text()) });

export const whoAmI = fields<WhoAmIAnswer>({
  role: oneOf([...roles, 'none'] as const),
  version: maybe(text()),
  cluster: maybe(text()),
  expires_at: maybe(time),
  uses: maybe(integer()),
  max_uses: maybe(integer()),
  plugin: maybe(text()),
});

export const plugin = fields<PluginAnswer>({
  name: text(),
  version: text(),
  summary: text(),
  container: fields<PluginAnswer['container']>({
    image: text(),
    lifecycle: oneOf(lifecycles),
    network: oneOf(networks),
    cpus: amount(),
    memory: text(),
  }),
  include: list(text()),
  exclude: list(text()),
  timeout_seconds: amount(),
  params_schema: explained(anyFields, 'JSON Schema (draft 2020-12) of the parameters, defaults included.'),
});

export const health = fields<{ status: 'ok' }>({ status: oneOf(['ok'] as const) });
export const readiness = fields<{ status: 'ready' }>({ status: oneOf(['ready'] as const) });

export const invariants = fields<InvariantsAnswer>({
  holds: truth,
  jobs: integer(),
  invariants: list(
    fields<InvariantAnswer>({
      id: text() as Described<InvariantId>,
      sentence: text(),
      holds: truth,
      violations: list(text()),
      count: integer(),
    }),
  ),
});

export const jobEvent = fields<JobEvent>({
  job_id: text(),
  state: jobState,
  scan: scanState,
  total_tasks: integer(),
  completed_tasks: integer(),
  failed_tasks: integer(),
  objects_listed: integer(),
  objects: byState,
});
export const taskEvent = fields<TaskEvent>({
  job_id: text(),
  task_id: text(),
  state: taskState,
  attempt: integer(),
  worker_id: maybe(text()),
});
export const manyTasksEvent = fields<ManyTasksEvent>({ job_id: text(), count: integer() });
export const workerEvent = fields<WorkerEvent>({ worker_id: text(), state: workerState, draining: truth });
export const resyncEvent = fields<ResyncEvent>({ reason: oneOf(['unknown-event', 'too-long-ago'] as const) });

/** The description itself is described only so far. */
export const openApi: Described<{ openapi: string }> = {
  schema: { type: 'object', required: ['openapi', 'info', 'paths'], properties: { openapi: { const: '3.1.0' } } },
};

export const jobSchema = explained(anyFields, 'A JSON Schema (draft 2020-12), of what a job file may say.');
