/** Says whether everything that is promised holds. */
import { Controller, Get, Query, UsePipes } from '@nestjs/common';
import { InvariantsQuery, type InvariantsAnswer } from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { Describe } from '../openapi/describe.js';
import { strictRequest } from '../http/request-validation.js';
import { InvariantChecker } from './invariant-checker.js';

@Controller('api/v1/admin')
@UsePipes(strictRequest)
export class InvariantsController {
  constructor(private readonly checker: InvariantChecker) {}

  @Get('invariants')
  @Allow('admin')
  @Describe({
    summary: 'Whether everything that is promised holds',
    details: 'Takes as long as it takes to look at every output.',
    tag: 'operating',
    query: InvariantsQuery,
    answer: 'Invariants',
    problems: ['job-not-found'],
  })
  check(@Query() { job, outputs, exclusive }: InvariantsQuery): Promise<InvariantsAnswer> {
    return this.checker.check({ jobId: job, depth: outputs ?? 'content', exclusive: exclusive === 'true' });
  }
}
