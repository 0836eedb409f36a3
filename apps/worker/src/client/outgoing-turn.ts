/** One turn on its way: what it says, and who is told what of its answer. */
import { LongshoreError } from '@longshore/core';
import { isRefusal, type TurnAnswer, type TurnRequest, type TurnVerdict } from '@longshore/core/protocol';
import { waitSeconds } from './desk.js';
import type { Statement, Waiting, WishPart } from './turn-part.js';

const recorded: TurnVerdict = { message: 'recorded' };

export class OutgoingTurn {
  /** The same at every try, and so is its id. */
  readonly request: TurnRequest;
  /** Whether what becomes ready meanwhile waits, to go together. */
  holdsUp: boolean;
  private readonly left = new AbortController();
  private sentAt: number | undefined;
  private isRepeated = false;

  constructor(
    readonly statements: readonly Statement[],
    readonly wish: WishPart | undefined,
    requestId: string,
  ) {
    const sayings = statements.map(({ asked }) => asked);
    const reports = sayings.flatMap((said) => ('report' in said ? [said.report] : []));
    const received = sayings.flatMap((said) => ('received' in said ? [said.received] : []));
    // Who wants work and has nothing to say waits for it.
    const waits = wish !== undefined && statements.length === 0;
    const assignments = waits ? wish.asked.held() : received;
    this.holdsUp = !waits;
    this.request = {
      ...(reports.length > 0 && { reports }),
      ...(assignments.length > 0 && { assignments }),
      ...(wish && { max: wish.asked.max }),
      ...(waits && { wait: waitSeconds }),
      request_id: requestId,
    };
    for (const part of this.parts) part.onLeave = () => this.leaveIfNobodyWaits();
  }

  /** Aborted when nobody waits for the answer any more. */
  get signal(): AbortSignal {
    return this.left.signal;
  }

  get acknowledges(): boolean {
    return this.statements.some(({ acknowledges }) => acknowledges);
  }

  sent(now: number): void {
    this.isRepeated = this.sentAt !== undefined;
    this.sentAt = now;
  }

  /** @throws LongshoreError `orchestrator-unreachable` for what cannot be the answer to it */
  refuseStrange({ verdicts, orders, assignments }: TurnAnswer): void {
    const isWhole = [verdicts, orders, assignments].every((list) => Array.isArray(list));
    if (isWhole && verdicts.length === (this.request.reports ?? []).length) return;
    throw new LongshoreError('orchestrator-unreachable', 'What came back is no answer to a turn.');
  }

  answered({ verdicts, orders, assignments, shutdown }: TurnAnswer): void {
    const cancelled = orders.map(({ assignment_id }) => assignment_id);
    const left = verdicts.values();
    for (const statement of this.statements) {
      const { asked } = statement;
      const verdict = 'report' in asked ? left.next().value! : verdictOn(asked.received.assignment_id, cancelled);
      this.judge(statement, verdict);
    }
    this.wish?.resolve({ assignments, shutdown, cancelled });
  }

  /** Nothing of it was carried out. */
  refused(why: unknown): void {
    for (const part of this.parts) if (!part.isOver) part.reject(why);
  }

  private judge(statement: Statement, verdict: TurnVerdict): void {
    const { sentAt = 0, isRepeated } = this;
    if (!isRefusal(verdict)) return statement.resolve({ answer: verdict, sentAt, isRepeated });
    const { refused, message, remedy } = verdict;
    statement.reject(new LongshoreError(refused, message, { ...(remedy !== undefined && { remedy }) }));
  }

  private get parts(): readonly Waiting[] {
    return this.wish ? [...this.statements, this.wish] : this.statements;
  }

  private leaveIfNobodyWaits(): void {
    if (this.parts.every(({ isOver }) => isOver)) this.left.abort();
  }
}

/** Of an assignment that was named because it was received. */
function verdictOn(id: string, cancelled: readonly string[]): TurnVerdict {
  if (!cancelled.includes(id)) return recorded;
  return { refused: 'stale-fence', message: `The orchestrator has taken the assignment ${id} back.` };
}
