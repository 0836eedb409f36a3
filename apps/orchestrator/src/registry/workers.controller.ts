/** Workers, as people see and steer them. */
import { Controller, Get, HttpCode, Param, Post, Query, UsePipes } from '@nestjs/common';
import { JobStore } from '@longshore/core';
import { WorkerPageQuery, type PageAnswer, type WorkerAnswer, type WorkerSummary } from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { boundedPage } from '../http/bounded-page.js';
import { strictRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { WorkerRegistry } from './worker-registry.js';
import { WorkerView } from './worker-view.js';

@Controller('api/v1/workers')
@UsePipes(strictRequest)
export class WorkersController {
  constructor(
    private readonly registry: WorkerRegistry,
    private readonly store: JobStore,
    private readonly view: WorkerView,
  ) {}

  @Get()
  @Allow('read')
  @Describe({
    summary: 'List workers, the newest first',
    tag: 'workers',
    query: WorkerPageQuery,
    answer: { page: 'Worker' },
  })
  list(@Query() query: WorkerPageQuery): Promise<PageAnswer<WorkerSummary>> {
    const { state } = query;
    const ask = (page: { limit: number; after?: string }) => this.store.insight.workers({ ...page, state });
    return boundedPage(query, ask, (worker) => this.view.summary(worker));
  }

  @Get(':id')
  @Allow('read')
  @Describe({
    summary: 'One worker, with the tasks it holds and the time they have left',
    tag: 'workers',
    answer: 'WorkerDetail',
    problems: ['worker-unknown'],
  })
  async find(@Param('id') id: string): Promise<WorkerAnswer> {
    return this.view.whole(await this.registry.get(id));
  }

  @Post(':id/drain')
  @Allow('admin')
  @HttpCode(200)
  @Describe({
    summary: 'Drain a worker: it finishes what it has, takes no more, and ends',
    details: 'It hears of it with its next heartbeat, or when it asks for work. To drain it again changes nothing.',
    tag: 'workers',
    answer: 'Worker',
    problems: ['worker-unknown'],
  })
  async drain(@Param('id') id: string): Promise<WorkerSummary> {
    return this.view.summary(await this.registry.drain(id));
  }
}
