/** Schemas of plans: what is skipped, and what a job would do. */
import type { SkipByManifest, SkipByOutputs, SkipNothing, SkipRule } from '@longshore/core';
import type { PlanAnswer, PlannedLayout, PlannedTask, PlanReason } from '@longshore/core/protocol';
import { amount, eitherOf, explained, fields, integer, list, maybe, oneOf, text, truth } from '../schema-words.js';

export const skipRule = explained(
  eitherOf<SkipRule>(
    fields<SkipByManifest>({ by: oneOf(['manifest'] as const) }),
    fields<SkipByOutputs>({
      by: oneOf(['outputs'] as const),
      count: maybe(integer()),
      minBytes: integer(),
      nameContains: maybe(text()),
    }),
    fields<SkipNothing>({ by: oneOf(['none'] as const) }),
  ),
  'How it is told which objects are done already.',
);

const plannedTask = fields<PlannedTask>({
  position: integer(),
  object_count: integer(),
  size_bytes: integer(),
  file_names: list(text()),
  last_file_name: text(),
  group: maybe(integer()),
});

export const plan = fields<PlanAnswer>({
  plugin: text(),
  plugin_version: text(),
  input: text(),
  output: text(),
  skip: skipRule,
  run: fields<PlanAnswer['run']>({ objects: integer(), tasks: maybe(integer()), bytes: integer() }),
  target_seconds: maybe(explained(amount(), 'How long a task is to take, where they are cut by time.')),
  first_tasks: list(plannedTask),
  last_task: maybe(plannedTask),
  done_before: integer(),
  skipped: integer(),
  refused: integer(),
  reasons: list(
    fields<PlanReason>({
      reason: text(),
      objects: integer(),
      example: fields<PlanReason['example']>({ key: text(), sentence: text() }),
    }),
  ),
  image: fields<PlanAnswer['image']>({ digest: maybe(text()), is_missing: truth, said_by_workers: integer() }),
  layout: maybe(
    fields<PlannedLayout>({
      key: text(),
      input: text(),
      container_path: text(),
      outputs: list(fields<PlannedLayout['outputs'][number]>({ container_path: text(), key: text(), output: text() })),
    }),
  ),
  groups: maybe(fields<NonNullable<PlanAnswer['groups']>>({ listed: integer(), objects_in_none: integer() })),
  unfit: maybe(explained(text(), 'Why the job would fail before anything is run.')),
  why: maybe(list(text())),
});
