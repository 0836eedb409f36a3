/** Schemas of answers about tasks, attempts and failures. */
import { taskStates, type AttemptOutcome } from '@longshore/core';
import type {
  AttemptAnswer,
  FailureGroupAnswer,
  LeaseAnswer,
  ManifestAnswer,
  ObjectAnswer,
  OutputAnswer,
  TaskAnswer,
  TaskDetailAnswer,
} from '@longshore/core/protocol';
import {
  always,
  amount,
  anyFields,
  explained,
  fields,
  integer,
  list,
  maybe,
  named,
  oneOf,
  text,
  time,
} from '../schema-words.js';
import { errorCode, failure, failureClass } from './shared.js';

export const taskState = oneOf(taskStates);
const outcome = oneOf<AttemptOutcome>([
  'running',
  'completed',
  'failed',
  'released',
  'expired',
  'overtaken',
  'cancelled',
]);

const summary = {
  id: text(),
  job_id: text(),
  position: explained(integer(), 'Ordinal of its first object in the listing of the job.'),
  state: taskState,
  object_count: integer(),
  group: maybe(explained(integer(), 'Which group of its job it is, from 1, where the job lists groups.')),
  file_names: explained(
    list(text(), { maxItems: 20 }),
    'Its first objects; all of them at `/api/v1/tasks/{id}/objects`.',
  ),
  failed_attempts: integer(),
  losses: integer(),
  fence: explained(integer(), 'Rises with every lease; what carries an older one is refused.'),
  worker_id: maybe(text()),
  unverified: maybe(explained(always, 'Done on the word of a legacy worker.')),
  available_at: explained(time, 'It is not tried before this time.'),
  failure: maybe(failure),
  created_at: time,
  ended_at: maybe(time),
};

export const task = fields<TaskAnswer>(summary);

export const taskDetail = fields<TaskDetailAnswer>({
  ...summary,
  max_attempts: integer(),
  max_losses: integer(),
  variables: maybe(explained(anyFields, 'The values of its group.')),
  lease: maybe(
    fields<LeaseAnswer>({ worker_id: text(), leased_at: time, acknowledged_at: maybe(time), expires_at: time }),
  ),
  attempts: explained(list(named<AttemptAnswer>('Attempt'), { maxItems: 50 }), 'The last fifty, without their logs.'),
  manifest: maybe(
    fields<ManifestAnswer>({
      attempt: integer(),
      worker_id: text(),
      image_digest: text(),
      plugin_version: text(),
      exit_code: integer({ minimum: undefined }),
      duration_ms: amount(),
      outputs: integer(),
      size_bytes: integer(),
    }),
  ),
});

export const attempt = fields<AttemptAnswer>({
  number: integer(),
  worker_id: text(),
  outcome,
  failure: maybe(failure),
  exit_code: maybe(integer({ minimum: undefined })),
  duration_ms: maybe(amount()),
  log: maybe(explained(text(), 'What the container printed, bounded; only where one attempt is asked for.')),
  started_at: time,
  ended_at: maybe(time),
});

export const object = fields<ObjectAnswer>({ key: text(), size_bytes: integer(), etag: text() });

export const output = fields<OutputAnswer>({
  key: explained(text(), 'Below the output bucket.'),
  size_bytes: integer(),
  sha256: text(),
  object_key: maybe(text()),
});

export const failureGroup = fields<FailureGroupAnswer>({
  id: text(),
  class: failureClass,
  code: errorCode,
  pattern: explained(text(), 'The message; what differs from one to the next is `…`.'),
  failed_attempts: explained(integer(), 'Attempts that ended so since the job began.'),
  dead_tasks: integer(),
  dead_objects: integer(),
  first_at: time,
  last_at: time,
  example_task_id: text(),
  example: text(),
});
