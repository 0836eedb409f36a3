/** Schemas of what several answers hold. */
import { errorCodes, taskStates, type ErrorCode, type Failure, type FieldFault, type JobCounts } from '@longshore/core';
import type { ExplainAnswer, Problem } from '@longshore/core/protocol';
import { each, explained, fields, integer, list, maybe, oneOf, text, type Described } from '../schema-words.js';

export const errorCode = oneOf(Object.keys(errorCodes) as ErrorCode[]);
export const failureClass = oneOf(['job', 'resource', 'infra', 'config'] as const);

export const failure = fields<Failure>({
  class: failureClass,
  code: errorCode,
  message: text(),
  objectKey: maybe(text()),
  log: maybe(text()),
  exitCode: maybe(integer({ minimum: undefined })),
});

export const byState: Described<JobCounts['tasks']> = each(taskStates, integer());

export const problem = fields<Problem>({
  type: explained(text(), '`urn:longshore:error:<code>`'),
  title: text(),
  status: integer(),
  detail: text(),
  code: errorCode,
  reason: maybe(text()),
  remedy: maybe(explained(text(), 'What to do about it.')),
  errors: maybe(
    list(
      fields<FieldFault>({
        pointer: explained(text(), 'JSON Pointer (RFC 6901) into the body; of a query, a slash and the name.'),
        detail: text(),
      }),
    ),
  ),
});

export const explanation = fields<ExplainAnswer>({ sentences: list(text()) });
