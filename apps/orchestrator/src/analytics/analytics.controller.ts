/** Numbers about all jobs, and about one; each is read from totals that are kept as things change. */
import { Controller, Get, Param, Query, UsePipes } from '@nestjs/common';
import { Clock, JobStore } from '@longshore/core';
import {
  overviewAnswer,
  processingTimeAnswer,
  TimelineQuery,
  type JobAnalyticsAnswer,
  type JobStatusCount,
  type JobTypeCount,
  type OverviewAnswer,
  type PageAnswer,
  type ProcessingTimeAnswer,
  type TaskStatusCount,
  type TimelineEntry,
} from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { strictRequest } from '../http/request-validation.js';
import { Found } from '../jobs/found.js';
import { Describe } from '../openapi/describe.js';
import { JobNumbers } from './job-numbers.js';

const dayMs = 86_400_000;
/** Nobody runs so many kinds of jobs; a page ends here all the same. */
const mostTypes = 200;

@Controller('api/v1')
@UsePipes(strictRequest)
export class AnalyticsController {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly found: Found,
    private readonly numbers: JobNumbers,
  ) {}

  @Get('analytics/overview')
  @Allow('read')
  @Describe({ summary: 'All jobs and tasks in a few numbers', tag: 'analytics', answer: 'Overview' })
  async overview(): Promise<OverviewAnswer> {
    const { insight } = this.store;
    const [jobs, totals, durations] = await Promise.all([insight.jobsByState(), insight.totals(), insight.durations()]);
    return overviewAnswer(jobs, totals, durations);
  }

  @Get('analytics/jobs-by-type')
  @Allow('read')
  @Describe({ summary: 'How many jobs there are of each plugin', tag: 'analytics', answer: { page: 'JobTypeCount' } })
  async jobsByType(): Promise<PageAnswer<JobTypeCount>> {
    const counts = (await this.store.insight.jobsByPlugin()).slice(0, mostTypes);
    return { items: counts.map(({ plugin, count }) => ({ job_type: plugin, count })) };
  }

  @Get('analytics/jobs-by-status')
  @Allow('read')
  @Describe({ summary: 'How many jobs are in each state', tag: 'analytics', answer: { page: 'JobStatusCount' } })
  async jobsByStatus(): Promise<PageAnswer<JobStatusCount>> {
    const counts = await this.store.insight.jobsByState();
    return { items: counts.map(({ state, count }) => ({ status: state, count })) };
  }

  @Get('analytics/tasks-by-status')
  @Allow('read')
  @Describe({ summary: 'How many tasks are in each state', tag: 'analytics', answer: { page: 'TaskStatusCount' } })
  async tasksByStatus(): Promise<PageAnswer<TaskStatusCount>> {
    const { tasks } = await this.store.insight.totals();
    const counts = Object.entries(tasks) as [TaskStatusCount['status'], number][];
    return { items: counts.filter(([, count]) => count > 0).map(([status, count]) => ({ status, count })) };
  }

  @Get('analytics/timeline')
  @Allow('read')
  @Describe({
    summary: 'How many jobs were created on each day (UTC)',
    tag: 'analytics',
    query: TimelineQuery,
    answer: { page: 'TimelineEntry' },
  })
  async timeline(@Query() { days = 7 }: TimelineQuery): Promise<PageAnswer<TimelineEntry>> {
    const today = Math.floor(this.clock.now() / dayMs);
    const first = today - days + 1;
    const counts = await this.store.insight.jobsByDay(first * dayMs);
    const countOn = new Map(counts.map(({ day, count }) => [day, count]));
    const dates = Array.from({ length: days }, (_, day) => new Date((first + day) * dayMs).toISOString().slice(0, 10));
    return { items: dates.map((date) => ({ date, count: countOn.get(date) ?? 0 })) };
  }

  @Get('analytics/processing-time-stats')
  @Allow('read')
  @Describe({
    summary: 'How long completed tasks were held by their workers',
    details: 'Smallest, largest and mean are exact; median and 95th percentile are within 5 %.',
    tag: 'analytics',
    answer: 'ProcessingTime',
  })
  async processingTime(): Promise<ProcessingTimeAnswer> {
    return processingTimeAnswer(await this.store.insight.durations());
  }

  @Get('jobs/:id/analytics')
  @Allow('read')
  @Describe({
    summary: 'One job in numbers: throughput, durations, what is slow, and when it may be done',
    tag: 'analytics',
    answer: 'JobAnalytics',
    problems: ['job-not-found'],
  })
  async job(@Param('id') id: string): Promise<JobAnalyticsAnswer> {
    return this.numbers.of(await this.found.job(id));
  }
}
