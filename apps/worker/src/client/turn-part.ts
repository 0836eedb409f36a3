/** What travels in a turn: each part has somebody who waits for their part of the answer, and may give up. */
import type { HeldAssignment, StatusAnswer, TurnReport } from '@longshore/core/protocol';
import type { Given, Wish } from './desk.js';

/** A part as the turn sees it, whatever it says. */
export interface Waiting {
  /** Whether nobody waits any more. */
  readonly isOver: boolean;
  /** Called when they give up. */
  onLeave: () => void;
  reject(why: unknown): void;
}

export class TurnPart<Asked, Answer> implements Waiting {
  readonly answer: Promise<Answer>;
  onLeave: () => void = () => undefined;
  private over = false;
  private readonly settled = Promise.withResolvers<Answer>();
  private readonly leave = () => {
    this.reject(this.signal.reason);
    this.onLeave();
  };

  constructor(
    readonly asked: Asked,
    private readonly signal: AbortSignal,
  ) {
    this.answer = this.settled.promise;
    if (signal.aborted) this.leave();
    else signal.addEventListener('abort', this.leave, { once: true });
  }

  get isOver(): boolean {
    return this.over;
  }

  resolve(answer: Answer): void {
    this.end();
    this.settled.resolve(answer);
  }

  reject(why: unknown): void {
    this.end();
    this.settled.reject(why);
  }

  private end(): void {
    this.over = true;
    this.signal.removeEventListener('abort', this.leave);
  }
}

/** A report, or an assignment that was received. */
export type Saying = { report: TurnReport } | { received: HeldAssignment };

export interface Said {
  answer: StatusAnswer;
  /** When the turn was sent, for the last time where it is repeated. */
  sentAt: number;
  /** Whether it was sent more than once: then nobody knows which time it was carried out. */
  isRepeated: boolean;
}

export type WishPart = TurnPart<Wish, Given>;

export class Statement extends TurnPart<Saying, Said> {
  /** It goes by itself, because a turn that held it with others was refused as a whole. */
  isAlone = false;

  /** Whether its assignment is given again until the orchestrator has heard this. */
  get acknowledges(): boolean {
    return 'received' in this.asked || this.asked.report.status === 'waiting';
  }
}
