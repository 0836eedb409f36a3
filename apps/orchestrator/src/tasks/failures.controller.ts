/** What went wrong in a job: failures by their cause, and the dead letters of each. */
import { Controller, Get, Param, Query, UsePipes } from '@nestjs/common';
import { JobStore, type FailureGroup } from '@longshore/core';
import {
  DeadLetterQuery,
  failureGroupAnswer,
  PageQuery,
  taskListAnswer,
  type FailureGroupAnswer,
  type PageAnswer,
  type TaskAnswer,
} from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { boundedPage } from '../http/bounded-page.js';
import { strictRequest } from '../http/request-validation.js';
import { Found } from '../jobs/found.js';
import { Describe } from '../openapi/describe.js';

@Controller('api/v1/jobs/:id')
@UsePipes(strictRequest)
export class FailuresController {
  constructor(
    private readonly store: JobStore,
    private readonly found: Found,
  ) {}

  @Get('failures')
  @Allow('read')
  @Describe({
    summary: 'What went wrong, grouped by cause: most dead letters first',
    details: 'Failures are of one cause when they have one code, and messages that differ in names and numbers alone.',
    tag: 'failures',
    query: PageQuery,
    answer: { page: 'FailureGroup' },
    problems: ['job-not-found'],
  })
  async groups(@Param('id') id: string, @Query() query: PageQuery): Promise<PageAnswer<FailureGroupAnswer>> {
    await this.found.job(id);
    const ask = (page: { limit: number; after?: string }) => this.store.insight.failureGroups(id, page);
    return boundedPage<FailureGroup, FailureGroupAnswer>(query, ask, failureGroupAnswer);
  }

  @Get('dead-letters')
  @Allow('read')
  @Describe({
    summary: 'The tasks that were set aside: all, or those of one cause',
    tag: 'failures',
    query: DeadLetterQuery,
    answer: { page: 'Task' },
    problems: ['job-not-found'],
  })
  async deadLetters(@Param('id') id: string, @Query() query: DeadLetterQuery): Promise<PageAnswer<TaskAnswer>> {
    await this.found.job(id);
    const { group } = query;
    return boundedPage(query, (page) => this.store.insight.deadLetters(id, { ...page, group }), taskListAnswer);
  }
}
