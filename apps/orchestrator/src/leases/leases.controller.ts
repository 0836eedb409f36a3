/** The worker protocol: assignments, acknowledgements, reports, heartbeats. */
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UsePipes } from '@nestjs/common';
import { LongshoreError, readAssignmentId } from '@longshore/core';
import {
  AckRequest,
  AssignmentQuery,
  HeartbeatRequest,
  readStats,
  StatusRequest,
  type AssignmentAnswer,
  type HeartbeatAnswer,
  type StatusAnswer,
} from '@longshore/core/protocol';
import type { Response } from 'express';
import { Allow } from '../access/allow.js';
import { CurrentCaller, type Caller } from '../access/caller.js';
import { Presence } from '../access/presence.js';
import { WorkerTokens } from '../access/worker-tokens.js';
import { frequentRequest } from '../http/request-validation.js';
import { Describe } from '../openapi/describe.js';
import { Happenings } from '../events/happenings.js';
import { WorkerRegistry } from '../registry/worker-registry.js';
import { Answers } from '../requests/answers.js';
import { Assigner } from './assigner.js';
import { AttemptEndings } from './attempt-endings.js';
import { HeldLeaseFinder } from './held-lease-finder.js';
import { isLeaseGone } from './lease-report.js';
import { LeaseReports } from './lease-reports.js';
import { StatusReports } from './status-reports.js';

@Controller()
@UsePipes(frequentRequest)
export class LeasesController {
  constructor(
    private readonly assigner: Assigner,
    private readonly reports: LeaseReports,
    private readonly statuses: StatusReports,
    private readonly endings: AttemptEndings,
    private readonly finder: HeldLeaseFinder,
    private readonly registry: WorkerRegistry,
    private readonly answers: Answers,
    private readonly presence: Presence,
    private readonly tokens: WorkerTokens,
    private readonly happenings: Happenings,
  ) {}

  @Get('assignment/:worker_id')
  @Allow('worker')
  @Describe({
    summary: 'Ask for work',
    details: 'A long poll. Who asks again without having finished is given the same assignment.',
    tag: 'worker protocol',
    query: AssignmentQuery,
    answer: 'AssignmentAnswer',
    problems: ['invalid-request', 'worker-unknown'],
  })
  async assignment(
    @Param('worker_id') workerId: string,
    @Query() query: AssignmentQuery,
    @Res({ passthrough: true }) response: Response,
    @CurrentCaller() caller?: Caller,
  ): Promise<AssignmentAnswer> {
    const { wait: waitSeconds = 0, max } = query;
    return this.presence.during({ response, caller, waitSeconds }, (gaveUp) =>
      this.assigner.ask(workerId, { waitSeconds, max, gaveUp }),
    );
  }

  @Post('ack/:worker_id')
  @Allow('worker')
  @HttpCode(200)
  @Describe({
    summary: 'Acknowledge an assignment',
    tag: 'worker protocol',
    body: AckRequest,
    answer: 'Status',
    problems: ['nothing-pending', 'task-not-found', 'worker-unknown', 'stale-fence'],
  })
  async acknowledge(@Param('worker_id') workerId: string, @Body() request: AckRequest): Promise<StatusAnswer> {
    const worker = await this.registry.get(workerId);
    const answer = await this.answers.once({ caller: `${workerId} ack`, id: request.request_id }, async (stamp) =>
      this.reports.acknowledge({ ...(await this.finder.find(workerId, request)), stamp }),
    );
    await this.registry.seen(worker, 'processing');
    return answer;
  }

  @Post('status/:worker_id')
  @Allow('worker')
  @HttpCode(200)
  @Describe({
    summary: 'Report how an assignment went',
    tag: 'worker protocol',
    body: StatusRequest,
    answer: 'Status',
    problems: ['nothing-pending', 'task-not-found', 'worker-unknown', 'stale-fence'],
  })
  async status(@Param('worker_id') workerId: string, @Body() request: StatusRequest): Promise<StatusAnswer> {
    const worker = await this.registry.get(workerId);
    return this.statuses.record(worker, request);
  }

  @Post('heartbeat/:worker_id')
  @Allow('worker')
  @HttpCode(200)
  @Describe({
    summary: 'Renew all leases, and hear orders',
    tag: 'worker protocol',
    body: HeartbeatRequest,
    answer: 'HeartbeatAnswer',
    problems: ['invalid-request', 'worker-unknown'],
  })
  async heartbeat(
    @Param('worker_id') workerId: string,
    @Body() request: HeartbeatRequest,
    @CurrentCaller() caller?: Caller,
  ): Promise<HeartbeatAnswer> {
    const worker = await this.registry.get(workerId);
    const answer = await this.answers.once(
      { caller: `${workerId} heartbeat`, id: request.request_id },
      async (stamp) => {
        const lost = await Promise.all(
          request.assignments.map((held) => this.isLost(workerId, held.assignment_id, held.fence)),
        );
        const orders = request.assignments
          .filter((_, index) => lost[index])
          .map((held) => ({ assignment_id: held.assignment_id, order: 'cancel' as const }));
        const state = request.assignments.length > 0 ? 'processing' : 'idle';
        await this.registry.seen(worker, state, stamp({ body: { orders } }), readStats(request.stats));
        return { orders };
      },
    );
    // Not part of the stored answer: a token is kept nowhere.
    return { ...answer, ...(worker.draining && { drain: true }), ...(await this.tokens.renew(caller)) };
  }

  private async isLost(workerId: string, assignmentId: string, fence: number): Promise<boolean> {
    try {
      const { taskId } = readAssignmentId(assignmentId);
      await this.endings.carryOut(this.reports.renewing({ taskId, workerId, fence }));
      return false;
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError) || !isLeaseGone(thrown)) throw thrown;
      this.happenings.refused.emit(thrown.code);
      return true;
    }
  }
}
