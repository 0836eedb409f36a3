/** The jobs API for people and programs. */
import { Readable } from 'node:stream';
import {
  Body,
  Controller,
  Get,
  Headers,
  HttpCode,
  Param,
  ParseIntPipe,
  Post,
  Query,
  StreamableFile,
  UsePipes,
} from '@nestjs/common';
import { JobStore, LongshoreError, readReason, type Job, type Task } from '@longshore/core';
import {
  attemptAnswer,
  CreateJobRequest,
  jobAnswer,
  PageQuery,
  RedriveRequest,
  taskAnswer,
  TaskPageQuery,
  type AttemptAnswer,
  type ExplainAnswer,
  type JobAnswer,
  type PageAnswer,
  type RedriveAnswer,
  type TaskAnswer,
} from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { Explainer } from '../explain/explainer.js';
import { strictRequest } from '../http/request-validation.js';
import { Answers } from '../requests/answers.js';
import { JobSubmission } from './job-submission.js';
import { ManifestLines } from './manifest-lines.js';
import { Steering } from './steering.js';

const defaultLimit = 100;

@Controller('api/v1')
@UsePipes(strictRequest)
export class JobsController {
  constructor(
    private readonly submission: JobSubmission,
    private readonly store: JobStore,
    private readonly steering: Steering,
    private readonly answers: Answers,
    private readonly explainer: Explainer,
    private readonly manifests: ManifestLines,
  ) {}

  @Post('jobs')
  @Allow('submit')
  @HttpCode(201)
  async create(
    @Body() request: CreateJobRequest,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
  ): Promise<JobAnswer> {
    return jobAnswer(await this.submission.submit(request, idempotencyKey));
  }

  @Get('jobs')
  @Allow('read')
  async list(@Query() query: PageQuery): Promise<PageAnswer<JobAnswer>> {
    const page = await this.store.listJobs(pageRequest(query));
    return { ...page, items: page.items.map(jobAnswer) };
  }

  @Get('jobs/:id')
  @Allow('read')
  async find(@Param('id') id: string): Promise<JobAnswer> {
    return jobAnswer(await this.job(id));
  }

  @Post('jobs/:id/pause')
  @Allow('submit')
  @HttpCode(200)
  pause(@Param('id') id: string, @Headers('idempotency-key') key: string | undefined): Promise<JobAnswer> {
    return this.answers.once({ caller: `pause ${id}`, id: key }, (stamp) => this.steering.pause(id, stamp));
  }

  @Post('jobs/:id/resume')
  @Allow('submit')
  @HttpCode(200)
  resume(@Param('id') id: string, @Headers('idempotency-key') key: string | undefined): Promise<JobAnswer> {
    return this.answers.once({ caller: `resume ${id}`, id: key }, (stamp) => this.steering.resume(id, stamp));
  }

  @Post('jobs/:id/cancel')
  @Allow('submit')
  @HttpCode(200)
  cancel(@Param('id') id: string, @Headers('idempotency-key') key: string | undefined): Promise<JobAnswer> {
    return this.answers.once({ caller: `cancel ${id}`, id: key }, (stamp) => this.steering.cancel(id, stamp));
  }

  @Post('jobs/:id/redrive')
  @Allow('submit')
  @HttpCode(200)
  redrive(
    @Param('id') id: string,
    @Body() request: RedriveRequest,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<RedriveAnswer> {
    const reason = request.reason === undefined ? undefined : readReason(request.reason);
    return this.answers.once({ caller: `redrive ${id}`, id: key }, (stamp) =>
      this.steering.redrive(id, { reason, key: request.key, task: request.task }, stamp),
    );
  }

  @Get('jobs/:id/explain')
  @Allow('read')
  async explain(@Param('id') id: string): Promise<ExplainAnswer> {
    return { sentences: await this.explainer.job(await this.job(id)) };
  }

  /** One JSON line for each object that is done. */
  @Get('jobs/:id/manifest')
  @Allow('read')
  async manifest(@Param('id') id: string): Promise<StreamableFile> {
    const lines = this.manifests.of(await this.job(id));
    return new StreamableFile(Readable.from(lines, { objectMode: false }), { type: 'application/jsonl' });
  }

  @Get('jobs/:id/tasks')
  @Allow('read')
  async tasks(@Param('id') id: string, @Query() query: TaskPageQuery): Promise<PageAnswer<TaskAnswer>> {
    await this.job(id);
    const page = await this.store.listTasks(id, {
      ...pageRequest(query),
      ...(query.state !== undefined && { states: [query.state] }),
    });
    return { ...page, items: page.items.map(taskAnswer) };
  }

  @Get('tasks/:id')
  @Allow('read')
  async task(@Param('id') id: string): Promise<TaskAnswer & { attempts: AttemptAnswer[] }> {
    const task = await this.foundTask(id);
    const attempts = await this.store.listAttempts(id);
    return { ...taskAnswer(task), attempts: attempts.map(attemptAnswer) };
  }

  @Get('tasks/:id/explain')
  @Allow('read')
  async explainTask(@Param('id') id: string): Promise<ExplainAnswer> {
    return { sentences: await this.explainer.task(await this.foundTask(id)) };
  }

  @Get('tasks/:id/attempts/:number')
  @Allow('read')
  async attempt(@Param('id') id: string, @Param('number', ParseIntPipe) number: number): Promise<AttemptAnswer> {
    const attempt = await this.store.findAttempt(id, number);
    if (!attempt) throw new LongshoreError('task-not-found', `Task ${id} has no attempt ${number}.`);
    return attemptAnswer(attempt);
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
