/** Schemas of answers about jobs. */
import { jobStates, type BatchingRule, type JobPolicy, type RetryRule } from '@longshore/core';
import type {
  JobAnswer,
  JobPageAnswer,
  JobSummary,
  ManifestLine,
  RedriveAnswer,
  RetryAnswer,
  ReportAnswer,
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
} from '../schema-words.js';
import { byState, failure } from './shared.js';
import { skipRule } from './plans.js';
import { storageSettings } from './storage.js';

export const scanState = oneOf(['pending', 'running', 'done'] as const);
export const jobState = oneOf(jobStates);

const summary = {
  id: text(),
  plugin: text(),
  job_type: explained(text(), 'The plugin, as system 001 names it.'),
  plugin_version: text(),
  input: text(),
  output: text(),
  storage: maybe(
    fields<NonNullable<JobAnswer['storage']>>({ input: maybe(storageSettings), output: maybe(storageSettings) }),
  ),
  group_count: maybe(explained(integer(), 'How many groups it lists, each of which is one task.')),
  state: jobState,
  scan: explained(scanState, 'How far the listing of the input has come.'),
  objects_listed: integer(),
  objects_skipped: integer(),
  objects_done_before: explained(integer(), 'Objects that earlier jobs had done, or whose outputs were found.'),
  skip: skipRule,
  total_tasks: explained(integer(), 'Tasks; those that smaller ones have replaced are left out.'),
  completed_tasks: integer(),
  failed_tasks: explained(integer(), 'Dead letters.'),
  tasks: byState,
  objects: byState,
  bytes: byState,
  objects_unverified: maybe(explained(integer(), 'Objects that are done on the word of legacy workers alone.')),
  failure: maybe(failure),
  created_at: time,
  started_at: maybe(time),
  ended_at: maybe(time),
};

export const jobSummary = fields<JobSummary>(summary);

const batching = fields<BatchingRule>({
  maxObjects: integer(),
  maxBytes: maybe(integer()),
  targetSeconds: maybe(amount()),
  minObjects: maybe(integer()),
});

const policy = fields<JobPolicy>({
  maxAttempts: integer(),
  maxLosses: integer(),
  timeoutSeconds: amount(),
  ackTimeoutSeconds: amount(),
  retryDelaySeconds: amount(),
  toleratedDead: eitherOf(integer(), text()),
  retry: list(eitherOf<RetryRule>(anyFields)),
});

export const job = fields<JobAnswer>({
  ...summary,
  params: anyFields,
  include: list(text()),
  exclude: list(text()),
  batching,
  policy,
  variables: maybe(explained(anyFields, 'What the commands of all groups are told.')),
});

export const jobPage = fields<JobPageAnswer>({
  items: list(named<JobSummary>('JobSummary')),
  next: maybe(text()),
  total: explained(integer(), 'How many jobs match, on this page and all others.'),
});

export const redrive = fields<RedriveAnswer>({
  redriven: explained(integer(), 'Objects that are tried again.'),
  refused: explained(integer(), 'Objects that would be refused again, and stay where they are.'),
  ongoing: maybe(explained(always, 'There are many: it is done little by little, and goes on after a restart.')),
});

export const retry = fields<RetryAnswer>({
  hastened: explained(integer(), 'Tasks that waited for their retry delay, and do no longer.'),
});

export const report = fields<ReportAnswer>({
  name: explained(text(), 'Below the output of the job.'),
  size_bytes: integer(),
  sha256: text(),
});

export const manifestLine = fields<ManifestLine>({
  key: text(),
  etag: text(),
  outputs: list(fields<ManifestLine['outputs'][number]>({ key: text(), size_bytes: integer(), sha256: text() })),
  record: maybe(anyFields),
  carried_from: maybe(explained(text(), 'The job that made it, where that was an earlier one.')),
  task_id: text(),
  attempt: integer(),
  worker_id: text(),
  image_digest: text(),
  plugin: text(),
  plugin_version: text(),
  params: anyFields,
  duration_ms: amount(),
  exit_code: integer({ minimum: undefined }),
  unverified: maybe(always),
});
