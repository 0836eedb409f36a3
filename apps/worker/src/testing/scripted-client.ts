/** An orchestrator as the worker's client sees it, which answers as a test says and remembers what it was told. */
import { LongshoreError } from '@longshore/core';
import type {
  HeartbeatAnswer,
  HeartbeatRequest,
  HeldAssignment,
  StatusAnswer,
  StatusRequest,
  TurnAnswer,
  TurnReport,
  TurnRequest,
  TurnVerdict,
} from '@longshore/core/protocol';
import { Address } from '../client/address.js';
import { OrchestratorClient } from '../client/orchestrator-client.js';

export class ScriptedClient extends OrchestratorClient {
  readonly reports: StatusRequest[] = [];
  readonly beats: HeldAssignment[][] = [];
  /** How often it was spoken to in turns. */
  turns = 0;
  /** Of the last heartbeat. */
  stats: HeartbeatRequest['stats'];
  /** Called before each report is recorded; what it throws is the answer. */
  onReport: (status: StatusRequest) => StatusAnswer | void = () => undefined;
  onHeartbeat: () => HeartbeatAnswer | Promise<HeartbeatAnswer> = () => ({ orders: [] });

  constructor() {
    super(new Address('http://127.0.0.1:1'));
  }

  override async acknowledge(): Promise<void> {
    return Promise.resolve();
  }

  override async report(_workerId: string, status: StatusRequest): Promise<StatusAnswer> {
    const answer = this.onReport(status);
    this.reports.push(status);
    return answer ?? { message: 'recorded' };
  }

  override async turn(_workerId: string, { reports = [] }: TurnRequest, _signal?: AbortSignal): Promise<TurnAnswer> {
    this.turns += 1;
    const verdicts: TurnVerdict[] = [];
    for (const report of reports) verdicts.push(await this.verdictOn(report));
    return { verdicts, orders: [], assignments: [] };
  }

  override async heartbeat(_workerId: string, { assignments, stats }: HeartbeatRequest): Promise<HeartbeatAnswer> {
    this.stats = stats;
    this.beats.push(assignments);
    return this.onHeartbeat();
  }

  get statuses(): string[] {
    return this.reports.map(({ status }) => status);
  }

  private async verdictOn(report: TurnReport): Promise<TurnVerdict> {
    try {
      return await this.report('', report);
    } catch (thrown) {
      const isVerdict = thrown instanceof LongshoreError && thrown.code !== 'orchestrator-unreachable';
      if (!isVerdict) throw thrown;
      return { refused: thrown.code, message: thrown.message };
    }
  }
}
