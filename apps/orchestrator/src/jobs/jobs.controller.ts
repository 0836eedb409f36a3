/** The jobs API for people and programs. */
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, UsePipes } from '@nestjs/common';
import { JobStore, LongshoreError, nextJobState, type Job, type Task } from '@longshore/core';
import {
  attemptAnswer,
  CreateJobRequest,
  jobAnswer,
  PageQuery,
  taskAnswer,
  TaskPageQuery,
  type AttemptAnswer,
  type JobAnswer,
  type PageAnswer,
  type TaskAnswer,
} from '@longshore/core/protocol';
import { Happenings } from '../events/happenings.js';
import { strictRequest } from '../http/request-validation.js';
import { JobSubmission } from './job-submission.js';

const defaultLimit = 100;

@Controller('api/v1')
@UsePipes(strictRequest)
export class JobsController {
  constructor(
    private readonly submission: JobSubmission,
    private readonly store: JobStore,
    private readonly happenings: Happenings,
  ) {}

  @Post('jobs')
  @HttpCode(201)
  async create(
    @Body() request: CreateJobRequest,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
  ): Promise<JobAnswer> {
    return jobAnswer(await this.submission.submit(request, idempotencyKey));
  }

  @Get('jobs')
  async list(@Query() query: PageQuery): Promise<PageAnswer<JobAnswer>> {
    const page = await this.store.listJobs(pageRequest(query));
    return { ...page, items: page.items.map(jobAnswer) };
  }

  @Get('jobs/:id')
  async find(@Param('id') id: string): Promise<JobAnswer> {
    return jobAnswer(await this.job(id));
  }

  /** Runs a paused job on, once what paused it is mended. */
  @Post('jobs/:id/resume')
  @HttpCode(200)
  async resume(@Param('id') id: string): Promise<JobAnswer> {
    const job = await this.store.changeJob(id, (found) => {
      const { failure: _mended, ...rest } = found;
      return { job: { ...rest, state: nextJobState(found.state, 'resume') } };
    });
    this.happenings.workChanged.emit();
    this.happenings.jobAdvanced.emit(id);
    return jobAnswer(job);
  }

  @Get('jobs/:id/tasks')
  async tasks(@Param('id') id: string, @Query() query: TaskPageQuery): Promise<PageAnswer<TaskAnswer>> {
    await this.job(id);
    const page = await this.store.listTasks(id, {
      ...pageRequest(query),
      ...(query.state !== undefined && { states: [query.state] }),
    });
    return { ...page, items: page.items.map(taskAnswer) };
  }

  @Get('tasks/:id')
  async task(@Param('id') id: string): Promise<TaskAnswer & { attempts: AttemptAnswer[] }> {
    const task = await this.foundTask(id);
    const attempts = await this.store.listAttempts(id);
    return { ...taskAnswer(task), attempts: attempts.map(attemptAnswer) };
  }

  private async job(id: string): Promise<Job> {
    const job = await this.store.findJob(id);
    if (!job) throw new LongshoreError('job-not-found', `There is no job ${id}.`);
    return job;
  }

  private async foundTask(id: string): Promise<Task> {
    const task = await this.store.findTask(id);
    if (!task) throw new LongshoreError('task-not-found', `There is no task ${id}.`);
    return task;
  }
}

function pageRequest({ limit, after }: PageQuery): { limit: number; after?: string } {
  return { limit: limit ?? defaultLimit, ...(after !== undefined && { after }) };
}
