/** What the reports and renewals of a turn ask for. */
import { Injectable } from '@nestjs/common';
import { LongshoreError, readAssignmentId } from '@longshore/core';
import { readStageTimes, type TurnReport, type TurnRequest } from '@longshore/core/protocol';
import { Happenings } from '../events/happenings.js';
import type { LeaseDecision } from '../leases/lease-report.js';
import { LeaseReports } from '../leases/lease-reports.js';
import { spanOf, StatusReports } from '../leases/status-reports.js';
import { unasked } from '../requests/answers.js';
import { Traces } from '../tracing/traces.js';
import { OpenTurn } from './open-turn.js';

@Injectable()
export class TurnReports {
  constructor(
    private readonly statuses: StatusReports,
    private readonly reports: LeaseReports,
    private readonly happenings: Happenings,
    private readonly traces: Traces,
  ) {}

  open(workerId: string, { reports = [], assignments = [] }: TurnRequest): OpenTurn {
    const turn = new OpenTurn();
    for (const report of reports) this.addReport(turn, workerId, report);
    for (const held of assignments) {
      const { taskId } = readAssignmentId(held.assignment_id);
      const renewing = this.reports.renewing({ taskId, workerId, fence: held.fence });
      turn.addRenewal(renewing, held, (code) => this.happenings.refused.emit(code));
    }
    return turn;
  }

  private addReport(turn: OpenTurn, workerId: string, report: TurnReport): void {
    let decision: LeaseDecision;
    try {
      const { taskId, fence } = readAssignmentId(report.assignment_id);
      const held = { taskId, workerId, fence: report.fence ?? fence, stamp: unasked };
      decision = this.statuses.decision(held, report);
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError)) throw thrown;
      this.happenings.refused.emit(thrown.code);
      return turn.refuse(thrown);
    }
    const end = this.traces.begin({ name: spanOf[report.status] ?? 'acknowledge', parent: report.traceparent });
    turn.addReport(decision, (refusal) => {
      end(refusal?.message);
      if (refusal) this.happenings.refused.emit(refusal.code);
      else this.happenings.stagesTimed.emit(readStageTimes(report.details));
    });
  }
}
