/** Tasks, their attempts, objects and outputs, for people and programs. */
import { Controller, Get, Param, ParseIntPipe, Query, UsePipes } from '@nestjs/common';
import { JobStore, keyAt, LongshoreError, summaryOf } from '@longshore/core';
import {
  attemptAnswer,
  leaseAnswer,
  manifestAnswer,
  PageQuery,
  shortAttempt,
  taskAnswer,
  TaskPageQuery,
  taskListAnswer,
  type AttemptAnswer,
  type ExplainAnswer,
  type ObjectAnswer,
  type OutputAnswer,
  type PageAnswer,
  type TaskAnswer,
  type TaskDetailAnswer,
} from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { Explainer } from '../explain/explainer.js';
import { boundedPage, pageOf } from '../http/bounded-page.js';
import { strictRequest } from '../http/request-validation.js';
import { Found } from '../jobs/found.js';
import { Describe } from '../openapi/describe.js';

const attemptsShown = 50;

@Controller('api/v1')
@UsePipes(strictRequest)
export class TasksController {
  constructor(
    private readonly store: JobStore,
    private readonly found: Found,
    private readonly explainer: Explainer,
  ) {}

  @Get('jobs/:id/tasks')
  @Allow('read')
  @Describe({
    summary: 'List the tasks of a job, as the listing found them',
    tag: 'tasks',
    query: TaskPageQuery,
    answer: { page: 'Task' },
    problems: ['job-not-found'],
  })
  async list(@Param('id') id: string, @Query() query: TaskPageQuery): Promise<PageAnswer<TaskAnswer>> {
    await this.found.job(id);
    const ask = this.store.insight;
    return boundedPage(query, (page) => ask.taskSummaries(id, { ...page, state: query.state }), taskListAnswer);
  }

  @Get('tasks/:id')
  @Allow('read')
  @Describe({
    summary: 'One task, with its last attempts and what is recorded of its result',
    tag: 'tasks',
    answer: 'TaskDetail',
    problems: ['task-not-found'],
  })
  async find(@Param('id') id: string): Promise<TaskDetailAnswer> {
    const task = await this.found.task(id);
    const attempts = await this.store.listAttempts(id);
    const lease = leaseAnswer(task);
    return {
      ...taskAnswer(summaryOf(task)),
      max_attempts: task.maxAttempts,
      max_losses: task.maxLosses,
      ...(task.group && { variables: { ...task.group.variables } }),
      ...(lease && { lease }),
      attempts: attempts.slice(-attemptsShown).map(shortAttempt),
      ...(task.manifest && { manifest: manifestAnswer(task.manifest) }),
    };
  }

  @Get('tasks/:id/objects')
  @Allow('read')
  @Describe({
    summary: 'The objects of a task',
    tag: 'tasks',
    query: PageQuery,
    answer: { page: 'Object' },
    problems: ['task-not-found'],
  })
  async objects(@Param('id') id: string, @Query() query: PageQuery): Promise<PageAnswer<ObjectAnswer>> {
    const { objects } = await this.found.task(id);
    return boundedPage(query, pageOf(objects), ({ key, sizeBytes, etag }) => ({ key, size_bytes: sizeBytes, etag }));
  }

  @Get('tasks/:id/outputs')
  @Allow('read')
  @Describe({
    summary: 'What a task has made, once its result was accepted',
    tag: 'tasks',
    query: PageQuery,
    answer: { page: 'Output' },
    problems: ['task-not-found'],
  })
  async outputs(@Param('id') id: string, @Query() query: PageQuery): Promise<PageAnswer<OutputAnswer>> {
    const task = await this.found.task(id);
    const { spec } = await this.found.job(task.jobId);
    const outputs = (task.manifest?.entries ?? []).flatMap((entry) =>
      entry.outputs.map(({ name, sizeBytes, sha256 }) => ({
        key: keyAt(spec.output, name),
        size_bytes: sizeBytes,
        sha256,
        ...(entry.objectKey !== undefined && { object_key: entry.objectKey }),
      })),
    );
    return boundedPage(query, pageOf(outputs), (output) => output);
  }

  @Get('tasks/:id/explain')
  @Allow('read')
  @Describe({
    summary: 'Why a task waits, runs or is dead, in sentences',
    tag: 'tasks',
    answer: 'Explanation',
    problems: ['task-not-found'],
  })
  async explain(@Param('id') id: string): Promise<ExplainAnswer> {
    return { sentences: await this.explainer.task(await this.found.task(id)) };
  }

  @Get('tasks/:id/attempts')
  @Allow('read')
  @Describe({
    summary: 'The attempts of a task, without their logs',
    tag: 'tasks',
    query: PageQuery,
    answer: { page: 'Attempt' },
    problems: ['task-not-found'],
  })
  async attempts(@Param('id') id: string, @Query() query: PageQuery): Promise<PageAnswer<AttemptAnswer>> {
    await this.found.task(id);
    return boundedPage(query, (page) => this.store.insight.attempts(id, page), shortAttempt);
  }

  @Get('tasks/:id/attempts/:number')
  @Allow('read')
  @Describe({
    summary: 'One attempt, with what its container printed',
    tag: 'tasks',
    answer: 'Attempt',
    problems: ['invalid-request', 'task-not-found'],
  })
  async attempt(@Param('id') id: string, @Param('number', ParseIntPipe) number: number): Promise<AttemptAnswer> {
    const attempt = await this.store.findAttempt(id, number);
    if (!attempt) throw new LongshoreError('task-not-found', `Task ${id} has no attempt ${number}.`);
    return attemptAnswer(attempt);
  }
}
