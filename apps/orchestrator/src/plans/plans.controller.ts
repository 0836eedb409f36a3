/** Where people ask what a job would do. */
import { Body, Controller, HttpCode, Post, Res, UsePipes } from '@nestjs/common';
import type { Response } from 'express';
import { PlanRequest, type PlanAnswer } from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { strictRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { PlanMaker } from './plan-maker.js';

@Controller('api/v1')
@UsePipes(strictRequest)
export class PlansController {
  constructor(private readonly plans: PlanMaker) {}

  /** Takes as long as listing input and output takes; who hangs up ends it. */
  @Post('plans')
  @Allow('submit')
  @HttpCode(200)
  @Describe({
    summary: 'What a job would do, without doing it',
    details: 'Takes as long as listing input and output takes; who hangs up ends it.',
    tag: 'jobs',
    body: PlanRequest,
    answer: 'Plan',
    problems: ['invalid-parameters', 'location-not-found', 'access-denied', 'storage-failed'],
  })
  plan(@Body() request: PlanRequest, @Res({ passthrough: true }) response: Response): Promise<PlanAnswer> {
    const gone = new AbortController();
    response.once('close', () => gone.abort(new Error('The caller has hung up')));
    return this.plans.plan(request, gone.signal);
  }
}
