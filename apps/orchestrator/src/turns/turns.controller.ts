/** The part of the worker protocol that says with one request what otherwise takes several. */
import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { TurnRequest, type TurnAnswer } from '@longshore/core/protocol';
import type { Response } from 'express';
import { Allow } from '../access/allow.js';
import { CurrentCaller, type Caller } from '../access/caller.js';
import { Presence } from '../access/presence.js';
import { WorkerTokens } from '../access/worker-tokens.js';
import { frequentRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { WorkerRegistry } from '../registry/worker-registry.js';
import { TurnTaker } from './turn-taker.js';

@Controller()
export class TurnsController {
  constructor(
    private readonly turns: TurnTaker,
    private readonly registry: WorkerRegistry,
    private readonly presence: Presence,
    private readonly tokens: WorkerTokens,
  ) {}

  @Post('turn/:worker_id')
  @Allow('worker')
  @HttpCode(200)
  @Describe({
    summary: 'Report, renew and ask for work at once',
    details:
      'Reports are judged in their order, each for itself. A turn without reports waits for work as long as it says. ' +
      'What is given counts as received once a later request names it; until then it is given again.',
    tag: 'worker protocol',
    body: TurnRequest,
    answer: 'TurnAnswer',
    problems: ['invalid-request', 'not-allowed', 'worker-unknown'],
  })
  async turn(
    @Param('worker_id') workerId: string,
    @Body(frequentRequest) request: TurnRequest,
    @Res({ passthrough: true }) response: Response,
    @CurrentCaller() caller?: Caller,
  ): Promise<TurnAnswer> {
    const worker = await this.registry.get(workerId);
    const waitSeconds = request.wait ?? 0;
    const answer = await this.presence.during({ response, caller, waitSeconds }, (gaveUp) =>
      this.turns.take(worker, request, gaveUp),
    );
    const isHeartbeat = request.assignments !== undefined;
    return isHeartbeat ? { ...answer, ...(await this.tokens.renew(caller)) } : answer;
  }
}
