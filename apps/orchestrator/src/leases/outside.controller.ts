/** The routes of system 001 for workers that come from elsewhere and speak of one task at a time. */
import { Body, Controller, HttpCode, Param, Post, UsePipes } from '@nestjs/common';
import {
  TaskCompleteRequest,
  TaskFailedRequest,
  TaskRunningRequest,
  type StatusAnswer,
  type TaskRunningAnswer,
} from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { CurrentCaller, type Caller } from '../access/caller.js';
import { lenientRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { OutsideWork } from './outside-work.js';

@Controller('api/v1/tasks/:id')
@UsePipes(lenientRequest)
export class OutsideController {
  constructor(private readonly work: OutsideWork) {}

  @Post('running')
  @Allow('worker')
  @HttpCode(200)
  @Describe({
    summary: 'Begin to work on a task, or go on: leases it, or renews its lease',
    details:
      'The answer tells the `fence` that the reports need. Repeat it, or send heartbeats, before the lease ends.',
    tag: 'tasks',
    body: TaskRunningRequest,
    answer: 'TaskRunning',
    problems: ['invalid-request', 'task-not-found', 'transition-refused'],
  })
  running(
    @Param('id') id: string,
    @Body() request: TaskRunningRequest,
    @CurrentCaller() caller?: Caller,
  ): Promise<TaskRunningAnswer> {
    return this.work.running(id, request, caller);
  }

  @Post('complete')
  @Allow('worker')
  @HttpCode(200)
  @Describe({
    summary: 'Report that a task is done, with the manifest of its staged outputs',
    details: 'Its outputs become visible once the manifest is accepted. Said again, it changes nothing.',
    tag: 'tasks',
    body: TaskCompleteRequest,
    answer: 'Status',
    problems: ['invalid-request', 'task-not-found', 'stale-fence'],
  })
  complete(
    @Param('id') id: string,
    @Body() request: TaskCompleteRequest,
    @CurrentCaller() caller?: Caller,
  ): Promise<StatusAnswer> {
    return this.work.complete(id, request, caller);
  }

  @Post('failed')
  @Allow('worker')
  @HttpCode(200)
  @Describe({
    summary: 'Report that the attempt failed',
    tag: 'tasks',
    body: TaskFailedRequest,
    answer: 'Status',
    problems: ['invalid-request', 'task-not-found', 'stale-fence'],
  })
  failed(
    @Param('id') id: string,
    @Body() request: TaskFailedRequest,
    @CurrentCaller() caller?: Caller,
  ): Promise<StatusAnswer> {
    return this.work.failed(id, request, caller);
  }
}
