/** Lists of jobs: what may be asked for, and each job as a list shows it. */
import 'reflect-metadata';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { jobStates, type Job, type JobState } from '../words/job.js';
import { jobAnswer, PageQuery, type JobAnswer, type PageAnswer } from './job-messages.js';
import { shortFailure } from './short-failure.js';

export class JobPageQuery extends PageQuery {
  /** Part of the id, the plugin's name, or the input or output of a job; upper and lower case are one. */
  @IsOptional() @IsString() @Length(1, 200) search?: string;
  @IsOptional() @IsIn(jobStates) state?: JobState;
}

/** A job without what may be long: its parameters, patterns and policy are told where it alone is asked for. */
export type JobSummary = Omit<JobAnswer, 'params' | 'include' | 'exclude' | 'batching' | 'policy' | 'variables'>;

export interface JobPageAnswer extends PageAnswer<JobSummary> {
  /** How many jobs match, on this page and all others. */
  total: number;
}

export function jobSummary(job: Job): JobSummary {
  const answer = jobAnswer(job);
  const { params: _long, include: _too, exclude: _as, batching: _well, policy: _also, ...rest } = answer;
  const { variables: _besides, ...summary } = rest;
  return { ...summary, ...(job.failure && { failure: shortFailure(job.failure) }) };
}
