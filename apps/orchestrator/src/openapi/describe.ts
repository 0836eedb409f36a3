/** Says of a route what it is for, what it takes and what it answers; a route that says nothing is in no description, and a test tells of it. */
import { SetMetadata } from '@nestjs/common';
import type { ErrorCode } from '@longshore/core';
import type { MessageClass } from '@longshore/core/json-schema';
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

/** Only remembered: the library that describes an API takes as long to load as all of ours, and is loaded when somebody asks for the description. */
export function Describe(description: RouteDescription): MethodDecorator {
  return SetMetadata(describedBy, description);
}
