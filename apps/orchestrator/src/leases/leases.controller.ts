/** The worker protocol: assignments, acknowledgements, reports, heartbeats. */
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UsePipes } from '@nestjs/common';
import { LongshoreError, readAssignmentId } from '@longshore/core';
import {
  AckRequest,
  AssignmentQuery,
  HeartbeatRequest,
  StatusRequest,
  type AssignmentAnswer,
  type HeartbeatAnswer,
  type StatusAnswer,
} from '@longshore/core/protocol';
import type { Response } from 'express';
import { lenientRequest } from '../http/request-validation.js';
import { WorkerRegistry } from '../registry/worker-registry.js';
import { Answers } from '../requests/answers.js';
import { Assigner } from './assigner.js';
import { HeldLeaseFinder } from './held-lease-finder.js';
import { LeaseReports } from './lease-reports.js';
import { StatusReports } from './status-reports.js';

@Controller()
@UsePipes(lenientRequest)
export class LeasesController {
  constructor(
    private readonly assigner: Assigner,
    private readonly reports: LeaseReports,
    private readonly statuses: StatusReports,
    private readonly finder: HeldLeaseFinder,
    private readonly registry: WorkerRegistry,
    private readonly answers: Answers,
  ) {}

  @Get('assignment/:worker_id')
  async assignment(
    @Param('worker_id') workerId: string,
    @Query() query: AssignmentQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<AssignmentAnswer> {
    const hungUp = new AbortController();
    response.once('close', () => hungUp.abort());
    return this.assigner.ask(workerId, { waitSeconds: query.wait ?? 0, max: query.max, gaveUp: hungUp.signal });
  }

  @Post('ack/:worker_id')
  @HttpCode(200)
  async acknowledge(@Param('worker_id') workerId: string, @Body() request: AckRequest): Promise<StatusAnswer> {
    const worker = await this.registry.get(workerId);
    const answer = await this.answers.once({ caller: workerId, id: request.request_id }, async (stamp) =>
      this.reports.acknowledge({ ...(await this.finder.find(workerId, request)), stamp }),
    );
    await this.registry.seen(worker, 'processing');
    return answer;
  }

  @Post('status/:worker_id')
  @HttpCode(200)
  async status(@Param('worker_id') workerId: string, @Body() request: StatusRequest): Promise<StatusAnswer> {
    const worker = await this.registry.get(workerId);
    return this.statuses.record(worker, request);
  }

  @Post('heartbeat/:worker_id')
  @HttpCode(200)
  async heartbeat(@Param('worker_id') workerId: string, @Body() request: HeartbeatRequest): Promise<HeartbeatAnswer> {
    const worker = await this.registry.get(workerId);
    return this.answers.once({ caller: workerId, id: request.request_id }, async (stamp) => {
      const lost = await Promise.all(
        request.assignments.map((held) => this.isLost(workerId, held.assignment_id, held.fence)),
      );
      const orders = request.assignments
        .filter((_, index) => lost[index])
        .map((held) => ({ assignment_id: held.assignment_id, order: 'cancel' as const }));
      const state = request.assignments.length > 0 ? 'processing' : 'idle';
      await this.registry.seen(worker, state, stamp({ body: { orders } }));
      return { orders };
    });
  }

  private async isLost(workerId: string, assignmentId: string, fence: number): Promise<boolean> {
    try {
      await this.reports.renew({ taskId: readAssignmentId(assignmentId).taskId, workerId, fence });
      return false;
    } catch (thrown) {
      const gone = ['stale-fence', 'transition-refused', 'task-not-found'];
      if (thrown instanceof LongshoreError && gone.includes(thrown.code)) return true;
      throw thrown;
    }
  }
}
