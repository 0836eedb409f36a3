/** Says whether everything that is promised holds. */
import { Controller, Get, Query, UsePipes } from '@nestjs/common';
import { InvariantsQuery, type InvariantsAnswer } from '@longshore/core/protocol';
import { Allow } from '../access/allow.js';
import { strictRequest } from '../http/request-validation.js';
import { InvariantChecker } from './invariant-checker.js';

@Controller('api/v1/admin')
@UsePipes(strictRequest)
export class InvariantsController {
  constructor(private readonly checker: InvariantChecker) {}

  @Get('invariants')
  @Allow('admin')
  check(@Query() { job, outputs, exclusive }: InvariantsQuery): Promise<InvariantsAnswer> {
    return this.checker.check({ jobId: job, depth: outputs ?? 'content', exclusive: exclusive === 'true' });
  }
}
