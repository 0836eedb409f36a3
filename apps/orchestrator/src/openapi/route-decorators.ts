/** What a route says of itself, as the library that describes APIs wants to be told. */
import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { queryParameters } from '@longshore/core/json-schema';
import { statusOf } from '../http/problem-filter.js';
import type { RouteDescription } from './describe.js';

export function routeDecorator(description: RouteDescription): MethodDecorator {
  const { summary, details, tag, query, body, repeatable } = description;
  return applyDecorators(
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
