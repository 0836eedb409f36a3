/** Carries out a turn: its reports and renewals in one transaction with the lease of what is wanted, then a wait where nothing was there. */
import { Injectable } from '@nestjs/common';
import {
  assignmentId,
  Clock,
  grantLease,
  isLegacy,
  JobStore,
  LongshoreError,
  type GivenTask,
  type Receipt,
  type Task,
  type TurnOutcome,
  type Worker,
  type WorkerTurn,
} from '@longshore/core';
import {
  readStats,
  type Assignment,
  type HeartbeatAnswer,
  type TurnAnswer,
  type TurnRequest,
  type TurnVerdict,
} from '@longshore/core/protocol';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { allDone, Assigner, wasDrained } from '../leases/assigner.js';
import { assignmentMessage } from '../leases/assignment-message.js';
import { Stragglers } from '../leases/stragglers.js';
import { WaitingRoom } from '../leases/waiting-room.js';
import { isHeardLately } from '../registry/heard-lately.js';
import { Traces } from '../tracing/traces.js';
import type { OpenTurn } from './open-turn.js';
import { TurnReports } from './turn-reports.js';

/** What is stored to answer a turn once more; the work itself is read again, as far as the worker holds it still. */
interface StoredTurn {
  verdicts: TurnVerdict[];
  orders: HeartbeatAnswer['orders'];
  given: string[];
}

interface Taking {
  worker: Worker;
  request: TurnRequest;
  turn: OpenTurn;
  /** Under which it is stored, where it may be repeated. */
  receiptId: string | undefined;
}

@Injectable()
export class TurnTaker {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
    private readonly reports: TurnReports,
    private readonly assigner: Assigner,
    private readonly stragglers: Stragglers,
    private readonly room: WaitingRoom,
    private readonly traces: Traces,
  ) {}

  /** @throws LongshoreError `worker-unknown`, `not-allowed`, `invalid-request` */
  async take(worker: Worker, request: TurnRequest, gaveUp: AbortSignal): Promise<TurnAnswer> {
    if (isLegacy(worker)) throw new LongshoreError('not-allowed', 'A worker of the original system takes no turns.');
    const id = request.request_id;
    const receiptId = id === undefined ? undefined : `${worker.id} turn ${id}`;
    const before = receiptId === undefined ? undefined : await this.store.findReceipt(receiptId);
    if (before) return this.repeat(worker, before);
    try {
      const turn = this.reports.open(worker.id, request);
      return await this.carryOut({ worker, request, turn, receiptId }, gaveUp);
    } catch (thrown) {
      const isRepeated = thrown instanceof LongshoreError && thrown.code === 'request-repeated';
      const meanwhile = isRepeated && receiptId !== undefined ? await this.store.findReceipt(receiptId) : undefined;
      if (!meanwhile) throw thrown;
      return this.repeat(worker, meanwhile);
    }
  }

  private async carryOut(taking: Taking, gaveUp: AbortSignal): Promise<TurnAnswer> {
    const { worker, request, turn } = taking;
    const { max = 0, wait = 0 } = request;
    const until = this.clock.now() + wait * 1000;
    const plugins = this.assigner.pluginsOf(worker);
    let found = (): void => undefined;
    for (let isFirst = true; ; isFirst = false) {
      const { given, worker: known } = await this.store.takeTurn(this.step(taking, isFirst));
      const { verdicts, orders } = turn;
      const told = { verdicts, orders, ...(known.draining && { drain: true as const }) };
      const answer: TurnAnswer = { ...told, assignments: given.map((one) => this.message(one)) };
      if (given.length > 0) {
        found();
        return answer;
      }
      if (!isFirst && known.state === 'unavailable') return answer;
      if (known.draining) return (await this.holdsNothing(worker)) ? { ...answer, shutdown: wasDrained } : answer;
      if (verdicts.length > 0 || orders.length > 0 || max === 0) return answer;
      const slow = await this.stragglers.takeOver(worker, plugins, { byTurn: true });
      if (slow) return { ...answer, assignments: [this.message({ task: slow, job: await this.jobOf(slow) })] };
      if (await this.assigner.isAllDone()) {
        found();
        return { ...answer, shutdown: allDone };
      }
      const ms = until - this.clock.now();
      if (ms <= 0 || gaveUp.aborted || this.room.isClosed) return answer;
      const isBusy = !(await this.stragglers.hasFreeSlot(worker));
      found = await this.room.wait({ workerId: worker.id, plugins, isDraining: false, isBusy, ms, gaveUp });
      if (gaveUp.aborted) return answer;
    }
  }

  /** What is asked of the store: all of it at first, and when the worker has waited, only for work. */
  private step({ worker, request, turn, receiptId }: Taking, isFirst: boolean): WorkerTurn {
    const { max = 0, stats, assignments = [] } = request;
    const now = this.clock.now();
    const told = isFirst ? readStats(stats) : undefined;
    const holdsAny = assignments.length + turn.decisions.length > 0;
    const settled = ({ changed, given }: TurnOutcome): Receipt | undefined => {
      if (isFirst) turn.judge(changed);
      const { verdicts, orders } = turn;
      if (receiptId === undefined || (verdicts.length === 0 && given.length === 0)) return undefined;
      const ids = given.map(({ task }) => assignmentId(task.id, task.fence));
      const body = { verdicts, orders, given: ids } satisfies StoredTurn;
      return { requestId: receiptId, at: now, answer: { body } };
    };
    return {
      workerId: worker.id,
      now,
      changes: isFirst ? turn.decisions : [],
      ...(max > 0 && {
        again: isUnheard,
        lease: {
          query: { plugins: this.assigner.pluginsOf(worker), limit: max },
          // One that was given up while it waited has to show that it is there.
          unless: isFirst ? isDraining : (found) => isDraining(found) || found.state === 'unavailable',
          grant: (task: Task) => this.grant(task, worker.id, now),
        },
      }),
      worker: (found, given) => {
        if (!isFirst && found.state === 'unavailable') return undefined;
        const state = holdsAny || given.length > 0 ? 'processing' : 'idle';
        if (!told && found.state === state && isHeardLately(found, now)) return undefined;
        return { ...found, state, lastSeenAt: now, ...(told && { stats: told }) };
      },
      settled,
      requestId: receiptId,
    };
  }

  private grant(task: Task, workerId: string, now: number): Task {
    const { leaseMs } = this.config;
    return grantLease(task, {
      assignmentId: assignmentId(task.id, task.fence + 1),
      workerId,
      now,
      leaseMs,
      byTurn: true,
    });
  }

  /** The same verdicts, and of the work what the worker holds still: what it has reported since, it has received. */
  private async repeat({ id, draining }: Worker, { answer }: Receipt): Promise<TurnAnswer> {
    const { verdicts, orders, given } = ('body' in answer ? answer.body : {}) as StoredTurn;
    const held = (await this.store.heldTasks(id)).filter(
      (task) => task.state === 'leased' && given.includes(assignmentId(task.id, task.fence)),
    );
    const assignments = await Promise.all(
      held.map(async (task) => this.message({ task, job: await this.jobOf(task) })),
    );
    return { verdicts, orders, ...(draining && { drain: true }), assignments };
  }

  private message({ task, job }: GivenTask): Assignment {
    const { leaseSeconds } = this.config;
    return assignmentMessage(task, job, { leaseSeconds, traceparent: this.traces.ofAttempt(task) });
  }

  private async jobOf({ jobId }: Task) {
    const job = await this.store.findJob(jobId);
    if (!job) throw new LongshoreError('job-not-found', `There is no job ${jobId}.`);
    return job;
  }

  private async holdsNothing({ id }: Worker): Promise<boolean> {
    return (await this.store.heldTasks(id)).length === 0;
  }
}

/** Given, and nothing was heard of it since: its answer may be lost. */
function isUnheard({ state, lease }: Task): boolean {
  return state === 'leased' && lease !== undefined && lease.acknowledgedAt === undefined;
}

function isDraining({ draining }: Worker): boolean {
  return draining === true;
}
