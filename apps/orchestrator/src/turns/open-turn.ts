/** One turn while it is carried out: what it asks for, and what became of each of it. */
import { LongshoreError, type ErrorCode, type Task } from '@longshore/core';
import type { HeartbeatAnswer, HeldAssignment, TurnRefusal, TurnVerdict } from '@longshore/core/protocol';
import { isLeaseGone, type LeaseDecision } from '../leases/lease-report.js';

type Finish = (refusal?: LongshoreError) => void;

export class OpenTurn {
  readonly verdicts: TurnVerdict[] = [];
  readonly orders: HeartbeatAnswer['orders'] = [];
  /** Decisions about reports, then those about renewals; all in the order of the request. */
  readonly decisions: LeaseDecision[] = [];
  private readonly reported: { index: number; finish: Finish }[] = [];
  private readonly renewed: { held: HeldAssignment; onGone: (code: ErrorCode) => void }[] = [];
  private isJudged = false;

  /** @param finish told how it ended */
  addReport(decision: LeaseDecision, finish: Finish): void {
    this.reported.push({ index: this.verdicts.length, finish });
    this.verdicts.push(unjudged);
    this.decisions.push(decision);
  }

  /** One that could not be read asks for nothing. */
  refuse(error: LongshoreError): void {
    this.verdicts.push(refusalOf(error));
  }

  /** After all reports. */
  addRenewal(decision: LeaseDecision, held: HeldAssignment, onGone: (code: ErrorCode) => void): void {
    this.renewed.push({ held, onGone });
    this.decisions.push(decision);
  }

  /** @param changed what became of each decision */
  judge(changed: readonly (Task | LongshoreError)[]): void {
    if (this.isJudged) return;
    this.isJudged = true;
    this.reported.forEach(({ index, finish }, at) => {
      const verdict = this.settle(at, changed[at]!);
      this.verdicts[index] = verdict instanceof LongshoreError ? refusalOf(verdict) : verdict;
      finish(verdict instanceof LongshoreError ? verdict : undefined);
    });
    this.renewed.forEach(({ held: { assignment_id }, onGone }, at) => {
      const became = changed[this.reported.length + at];
      if (!(became instanceof LongshoreError)) return;
      if (!isLeaseGone(became)) throw became;
      onGone(became.code);
      this.orders.push({ assignment_id, order: 'cancel' });
    });
  }

  private settle(at: number, became: Task | LongshoreError) {
    if (became instanceof LongshoreError) return became;
    try {
      return this.decisions[at]!.settled(became);
    } catch (thrown) {
      if (thrown instanceof LongshoreError) return thrown;
      throw thrown;
    }
  }
}

const unjudged: TurnVerdict = { message: 'not judged yet' };

function refusalOf({ code, message, remedy }: LongshoreError): TurnRefusal {
  return { refused: code, message, ...(remedy !== undefined && { remedy }) };
}
