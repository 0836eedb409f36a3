/** Schemas of answers about workers, and to them. */
import { workerStates, type ObjectRef } from '@longshore/core';
import type {
  Assignment,
  AssignmentAnswer,
  HeartbeatAnswer,
  HeldAssignment,
  HeldTaskAnswer,
  RegisterAnswer,
  ShutdownOrder,
  StatusAnswer,
  TaskRunningAnswer,
  TurnAnswer,
  TurnRefusal,
  TurnVerdict,
  WorkerAnswer,
  WorkerInstanceAnswer,
  WorkerStatsAnswer,
  WorkerSummary,
} from '@longshore/core/protocol';
import {
  always,
  amount,
  anyFields,
  eitherOf,
  explained,
  fields,
  integer,
  list,
  maybe,
  named,
  oneOf,
  text,
  time,
  truth,
} from '../schema-words.js';
import { errorCode } from './shared.js';
import { storageSettings } from './storage.js';

export const workerState = oneOf(workerStates);
const nothing = { schema: { type: 'null' } };

const summary = {
  id: text(),
  hostname: text(),
  plugin: maybe(text()),
  capabilities: list(text()),
  slots: integer(),
  state: workerState,
  draining: explained(truth, 'It was told to drain: it finishes what it has and takes no more.'),
  legacy: explained(truth, 'It came in without a token.'),
  registered_at: time,
  last_seen_at: time,
  silent_seconds: explained(amount(), 'Since it was last heard of.'),
  instance: maybe(
    fields<WorkerInstanceAnswer>({
      name: maybe(text()),
      id: maybe(text()),
      type: maybe(text()),
      zone: maybe(text()),
      region: maybe(text()),
      cpus: maybe(amount()),
      memory_bytes: maybe(amount()),
      gpus: maybe(amount()),
      gpu: maybe(text()),
    }),
  ),
  status_text: maybe(text()),
  farewell: maybe(explained(text(), 'Why it left, once it has.')),
  stats: maybe(
    fields<WorkerStatsAnswer>({
      cpu: maybe(explained(amount(), 'Share of all its processor cores that is in use, 0 to 1.')),
      memory_bytes: maybe(amount()),
      memory_total_bytes: maybe(amount()),
      disk_free_bytes: maybe(amount()),
    }),
  ),
  held_tasks: integer(),
  held_objects: integer(),
};

export const worker = fields<WorkerSummary>(summary);

export const workerDetail = fields<WorkerAnswer>({
  ...summary,
  held: list(
    fields<HeldTaskAnswer>({
      task_id: text(),
      job_id: text(),
      state: oneOf(['leased', 'accepted'] as const),
      attempt: integer(),
      object_count: integer(),
      file_names: list(text(), { maxItems: 20 }),
      leased_at: time,
      acknowledged: truth,
      elapsed_seconds: amount(),
      lease_seconds_left: amount(),
      timeout_seconds_left: amount(),
    }),
    { maxItems: 50 },
  ),
});

const token = { token: maybe(text()), token_seconds: maybe(amount()) };

export const registered = fields<RegisterAnswer>({
  worker_id: text(),
  message: text(),
  heartbeat_seconds: amount(),
  lease_seconds: amount(),
  tasks_ahead: maybe(amount()),
  turns: maybe(always),
  cluster: maybe(text()),
  ...token,
});

export const assignment = fields<Assignment>({
  assignment_id: text(),
  task_id: text(),
  job_id: text(),
  attempt: integer(),
  fence: integer(),
  file_names: list(text()),
  objects: list(fields<ObjectRef>({ key: text(), sizeBytes: integer(), etag: text(), archived: maybe(always) })),
  input_bucket: text(),
  input_prefix: text(),
  output_bucket: text(),
  output_prefix: text(),
  input_storage: maybe(storageSettings),
  output_storage: maybe(storageSettings),
  plugin: text(),
  params: anyFields,
  variables: maybe(anyFields),
  lease_seconds: amount(),
  timeout_seconds: amount(),
  traceparent: maybe(text()),
});

export const assignmentAnswer = fields<AssignmentAnswer>({
  assignment: eitherOf<AssignmentAnswer['assignment']>(
    nothing,
    named<Assignment>('Assignment'),
    fields<ShutdownOrder>({ shutdown: always, message: text() }),
  ),
  assignments: maybe(list(named<Assignment>('Assignment'))),
});

export const status = fields<StatusAnswer>({
  message: text(),
  kept: maybe(fields<HeldAssignment>({ assignment_id: text(), fence: integer() })),
});

export const heartbeat = fields<HeartbeatAnswer>({
  orders: list(fields<HeartbeatAnswer['orders'][number]>({ assignment_id: text(), order: oneOf(['cancel'] as const) })),
  drain: maybe(always),
  ...token,
});

export const turn = fields<TurnAnswer>({
  verdicts: explained(
    list(
      eitherOf<TurnVerdict>(
        named<StatusAnswer>('Status'),
        fields<TurnRefusal>({ refused: errorCode, message: text(), remedy: maybe(text()) }),
      ),
    ),
    'One for each report, in the same order.',
  ),
  orders: list(fields<TurnAnswer['orders'][number]>({ assignment_id: text(), order: oneOf(['cancel'] as const) })),
  drain: maybe(always),
  assignments: list(named<Assignment>('Assignment')),
  shutdown: maybe(explained(text(), 'Why the worker should end.')),
  ...token,
});

export const taskRunning = fields<TaskRunningAnswer>({ message: text(), assignment: named<Assignment>('Assignment') });
