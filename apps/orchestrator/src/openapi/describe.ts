/** Says of a route what it is for, what it takes and what it answers; a route that says nothing is in no description, and a test tells of it. */
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ErrorCode } from '@longshore/core';
import { queryParameters, type MessageClass } from '@longshore/core/json-schema';
import { statusOf } from '../http/problem-filter.js';
import type { AnswerName } from './answers.js';

export interface RouteDescription {
  /** One line. */
  summary: string;
  /** What else is good to know. */
  details?: string;
  tag:
    | 'jobs'
    | 'tasks'
    | 'failures'
    | 'workers'
    | 'plugins'
    | 'analytics'
    | 'events'
    | 'access'
    | 'worker protocol'
    | 'operating';
  query?: MessageClass;
  body?: MessageClass;
  /** 200 unless it says otherwise. */
  status?: number;
  /** The name of what is answered, or the media type of what is no JSON. */
  answer: AnswerName | { page: AnswerName } | { media: string };
  /** May be repeated with the same `Idempotency-Key`, and then has no second effect. */
  repeatable?: true;
  /** What may be wrong besides what any request may be refused for. */
  problems?: readonly ErrorCode[];
}

export const describedBy = 'longshore:route-description';

export function Describe(description: RouteDescription): MethodDecorator {
  const { summary, details, tag, query, body, repeatable } = description;
  return applyDecorators(
    SetMetadata(describedBy, description),
    ApiTags(tag),
    ApiOperation({ summary, ...(details !== undefined && { description: details }) }),
    ...answers(description),
    ...(query ? queryParameters(query).map((parameter) => ApiQuery(parameter)) : []),
    ...(body ? [ApiBody({ required: true, schema: { $ref: `#/components/schemas/${body.name}` } })] : []),
    ...(repeatable ? [idempotencyKey] : []),
  );
}

const idempotencyKey = ApiHeader({
  name: 'Idempotency-Key',
  description: 'Made by whoever asks, new for each request; sent again, it gets the same answer and changes nothing.',
  required: false,
  schema: { type: 'string', minLength: 1, maxLength: 255 },
});

function answers({ status = 200, answer, problems = [] }: RouteDescription): MethodDecorator[] {
  const refusals = new Set(problems.map((code) => statusOf[code] ?? 500));
  return [
    ApiResponse({ status, description: 'Done.', content: contentOf(answer) }),
    ...[...refusals].map((refusal) =>
      ApiResponse({
        status: refusal,
        description: problems.filter((code) => statusOf[code] === refusal).join(', '),
        content: problemContent,
      }),
    ),
  ];
}

export const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

type Content = Record<string, { schema: Record<string, unknown> }>;

function contentOf(answer: RouteDescription['answer']): Content {
  if (typeof answer === 'string') return { 'application/json': { schema: { $ref: `#/components/schemas/${answer}` } } };
  if ('media' in answer) return { [answer.media]: { schema: { type: 'string' } } };
  const schema = {
    type: 'object',
    required: ['items'],
    properties: {
      items: { type: 'array', items: { $ref: `#/components/schemas/${answer.page}` } },
      next: { type: 'string', description: 'Give it as `after` to ask for the next page; absent on the last one.' },
    },
    additionalProperties: false,
  };
  return { 'application/json': { schema } };
}
