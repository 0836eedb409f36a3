/** The jobs API for people and programs. */
import { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, StreamableFile, UsePipes } from '@nestjs/common';
import { JobStore, readReason } from '@longshore/core';
import {
  CreateJobRequest,
  jobAnswer,
  JobPageQuery,
  jobSummary,
  RedriveRequest,
  RetryRequest,
  type ExplainAnswer,
  type JobAnswer,
  type JobPageAnswer,
  type RedriveAnswer,
  type RetryAnswer,
} from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { Explainer } from '../explain/explainer.js';
import { boundedPage } from '../http/bounded-page.js';
import { strictRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { Answers } from '../requests/answers.js';
import { Found } from './found.js';
import { JobSubmission } from './job-submission.js';
import { ManifestLines } from './manifest-lines.js';
import { Steering } from './steering.js';

@Controller('api/v1/jobs')
@UsePipes(strictRequest)
export class JobsController {
  constructor(
    private readonly submission: JobSubmission,
    private readonly store: JobStore,
    private readonly found: Found,
    private readonly steering: Steering,
    private readonly answers: Answers,
    private readonly explainer: Explainer,
    private readonly manifests: ManifestLines,
  ) {}

  @Post()
  @Allow('submit')
  @HttpCode(201)
  @Describe({
    summary: 'Submit a job',
    details: 'Everything is checked first, the parameters by the plugin; when one thing is wrong, nothing is stored.',
    tag: 'jobs',
    body: CreateJobRequest,
    status: 201,
    answer: 'Job',
    repeatable: true,
    problems: ['invalid-parameters', 'request-differs'],
  })
  async create(
    @Body() request: CreateJobRequest,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
  ): Promise<JobAnswer> {
    return jobAnswer(await this.submission.submit(request, idempotencyKey));
  }

  @Get()
  @Allow('read')
  @Describe({ summary: 'List jobs, newest first', tag: 'jobs', query: JobPageQuery, answer: 'JobPage' })
  async list(@Query() query: JobPageQuery): Promise<JobPageAnswer> {
    const { search, state } = query;
    let total = 0;
    const page = await boundedPage(
      query,
      async (request) => {
        const found = await this.store.insight.searchJobs({ ...request, search, state });
        total = found.total;
        return found;
      },
      jobSummary,
    );
    return { ...page, total };
  }

  @Get(':id')
  @Allow('read')
  @Describe({ summary: 'One job', tag: 'jobs', answer: 'Job', problems: ['job-not-found'] })
  async find(@Param('id') id: string): Promise<JobAnswer> {
    return jobAnswer(await this.found.job(id));
  }

  @Post(':id/pause')
  @Allow('submit')
  @HttpCode(200)
  @Describe({
    summary: 'Pause a job: nothing new is leased, what is leased goes on',
    tag: 'jobs',
    answer: 'Job',
    repeatable: true,
    problems: ['job-not-found', 'transition-refused'],
  })
  pause(@Param('id') id: string, @Headers('idempotency-key') key: string | undefined): Promise<JobAnswer> {
    return this.answers.once({ caller: `pause ${id}`, id: key }, (stamp) => this.steering.pause(id, stamp));
  }

  @Post(':id/resume')
  @Allow('submit')
  @HttpCode(200)
  @Describe({
    summary: 'Run a paused job on',
    tag: 'jobs',
    answer: 'Job',
    repeatable: true,
    problems: ['job-not-found', 'transition-refused'],
  })
  resume(@Param('id') id: string, @Headers('idempotency-key') key: string | undefined): Promise<JobAnswer> {
    return this.answers.once({ caller: `resume ${id}`, id: key }, (stamp) => this.steering.resume(id, stamp));
  }

  @Post(':id/cancel')
  @Allow('submit')
  @HttpCode(200)
  @Describe({
    summary: 'Cancel a job: what is leased is taken back, what was accepted is still published',
    tag: 'jobs',
    answer: 'Job',
    repeatable: true,
    problems: ['job-not-found', 'transition-refused'],
  })
  cancel(@Param('id') id: string, @Headers('idempotency-key') key: string | undefined): Promise<JobAnswer> {
    return this.answers.once({ caller: `cancel ${id}`, id: key }, (stamp) => this.steering.cancel(id, stamp));
  }

  @Post(':id/redrive')
  @Allow('submit')
  @HttpCode(200)
  @Describe({
    summary: 'Try dead letters again: one, those of a cause, or all',
    tag: 'failures',
    body: RedriveRequest,
    answer: 'Redrive',
    repeatable: true,
    problems: ['invalid-request', 'job-not-found', 'transition-refused'],
  })
  redrive(
    @Param('id') id: string,
    @Body() request: RedriveRequest,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<RedriveAnswer> {
    const { key: objectKey, task, group } = request;
    const reason = request.reason === undefined ? undefined : readReason(request.reason);
    return this.answers.once({ caller: `redrive ${id}`, id: key }, (stamp) =>
      this.steering.redrive(id, { reason, key: objectKey, task, group }, stamp),
    );
  }

  @Post(':id/retry')
  @Allow('submit')
  @HttpCode(200)
  @Describe({
    summary: 'Try tasks that wait for their retry delay now: one, or all',
    details: 'What is waiting is done earlier, and nothing else: budgets stay as they are. Dead letters are redriven.',
    tag: 'jobs',
    body: RetryRequest,
    answer: 'Retry',
    repeatable: true,
    problems: ['invalid-request', 'job-not-found', 'task-not-found'],
  })
  retry(
    @Param('id') id: string,
    @Body() { task }: RetryRequest,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<RetryAnswer> {
    return this.answers.once({ caller: `retry ${id}`, id: key }, (stamp) => this.steering.retry(id, task, stamp));
  }

  @Get(':id/explain')
  @Allow('read')
  @Describe({
    summary: 'Why a job waits, runs or failed, in sentences',
    tag: 'jobs',
    answer: 'Explanation',
    problems: ['job-not-found'],
  })
  async explain(@Param('id') id: string): Promise<ExplainAnswer> {
    return { sentences: await this.explainer.job(await this.found.job(id)) };
  }

  /** One JSON line for each object that is done. */
  @Get(':id/manifest')
  @Allow('read')
  @Describe({
    summary: 'What was made: one JSON line for each object that is done',
    details: 'Each line is a `ManifestLine`. It is sent as it is read, and however long it is it costs little memory.',
    tag: 'jobs',
    answer: { media: 'application/jsonl' },
    problems: ['job-not-found'],
  })
  async manifest(@Param('id') id: string): Promise<StreamableFile> {
    const lines = this.manifests.of(await this.found.job(id));
    return new StreamableFile(Readable.from(lines, { objectMode: false }), { type: 'application/jsonl' });
  }
}
