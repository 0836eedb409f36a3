/**
 * Says in turns what all slots have to say: what becomes ready while a turn is under way goes together with the next, and with it the wish for
 * work. Only who has nothing to say waits for work, and what is reported then goes in a turn beside it that wants none: so there is one turn at a
 * time that is given work, and nothing is given twice.
 */
import { LongshoreError } from '@longshore/core';
import { mostInTurn, type HeldAssignment, type StatusAnswer, type TurnReport } from '@longshore/core/protocol';
import { Desk, type DeskTools, type Given, type Wish } from './desk.js';
import { OutgoingTurn } from './outgoing-turn.js';
import { persistently } from './persistence.js';
import { Statement, TurnPart, type Said, type Saying, type WishPart } from './turn-part.js';

/** A turn without an answer holds up the others no longer than this: it may hang until it counts as lost. */
const impatientMs = 1_000;

/** At most three bytes each, and an orchestrator takes sixteen million. */
const mostCharacters = 4_000_000;

/** What a turn is refused with as a whole because of what one part of it says. */
const spoiling = ['invalid-request', 'request-too-large'];

export class TurnDesk extends Desk {
  private readonly underWay = new Set<OutgoingTurn>();
  private statements: Statement[] = [];
  private wish: WishPart | undefined;
  private isGathering = false;

  constructor(private readonly tools: DeskTools) {
    super();
  }

  take(wish: Wish, signal: AbortSignal): Promise<Given> {
    this.wish = new TurnPart(wish, signal);
    this.gather();
    return this.wish.answer;
  }

  async acknowledge(received: HeldAssignment, waits: boolean, signal: AbortSignal): Promise<number> {
    const first: Saying = waits ? { report: { ...received, status: 'waiting' } } : { received };
    for (let saying = first; ; saying = { received }) {
      const { sentAt, isRepeated } = await this.say(saying, signal);
      // A repeated turn is answered from what is stored, and nobody knows which try it was that renewed the lease.
      if (!isRepeated) return sentAt;
    }
  }

  async report(report: TurnReport, signal: AbortSignal): Promise<StatusAnswer> {
    return (await this.say({ report }, signal)).answer;
  }

  private say(saying: Saying, signal: AbortSignal): Promise<Said> {
    const statement = new Statement(saying, signal);
    this.statements.push(statement);
    this.gather();
    return statement.answer;
  }

  /** What becomes ready in the same moment goes together. */
  private gather(): void {
    if (this.isGathering) return;
    this.isGathering = true;
    setImmediate(() => {
      this.isGathering = false;
      this.send();
    });
  }

  private send(): void {
    if ([...this.underWay].some(({ holdsUp }) => holdsUp)) return;
    const statements = this.nextStatements();
    const wish = statements[0]?.isAlone ? undefined : this.nextWish();
    if (statements.length === 0 && !wish) return;
    const turn = new OutgoingTurn(statements, wish, this.tools.chance.id());
    this.underWay.add(turn);
    void this.carry(turn);
  }

  private async carry(turn: OutgoingTurn): Promise<void> {
    const { client, clock, workerId, onTrouble, drain } = this.tools;
    const answered = new AbortController();
    if (turn.holdsUp) void clock.sleep(impatientMs, answered.signal).then(() => this.letPass(turn));
    try {
      const answer = await persistently(
        this.tools,
        turn.signal,
        async () => {
          turn.sent(clock.now());
          const heard = await client.turn(workerId, turn.request, turn.signal);
          turn.refuseStrange(heard);
          return heard;
        },
        onTrouble,
      );
      if (answer.drain && answer.shutdown === undefined) drain();
      turn.answered(answer);
    } catch (thrown) {
      this.refused(turn, thrown);
    } finally {
      answered.abort();
      this.underWay.delete(turn);
      this.gather();
    }
  }

  private letPass(turn: OutgoingTurn): void {
    turn.holdsUp = false;
    this.gather();
  }

  /** One part may have spoilt the turn for all, so each goes by itself then. */
  private refused(turn: OutgoingTurn, thrown: unknown): void {
    const { statements, wish } = turn;
    const isSpoilt = thrown instanceof LongshoreError && spoiling.includes(thrown.code);
    if (!isSpoilt || statements.length + (wish ? 1 : 0) < 2) return turn.refused(thrown);
    for (const statement of statements) statement.isAlone = true;
    this.statements.unshift(...statements);
    this.wish ??= wish;
  }

  private nextStatements(): Statement[] {
    const left = this.statements.filter(({ isOver }) => !isOver);
    let [count, characters] = [0, 0];
    for (const { asked, isAlone } of left) {
      if (left.length > 1) characters += JSON.stringify(asked).length;
      const hasRoom = count < mostInTurn && characters <= mostCharacters && !isAlone;
      if (count > 0 && !hasRoom) break;
      count += 1;
      if (isAlone) break;
    }
    this.statements = left.slice(count);
    return left.slice(0, count);
  }

  /** Not while it is unknown whether what was given last is known to be received: it would be given again. */
  private nextWish(): WishPart | undefined {
    if (this.wish?.isOver) this.wish = undefined;
    const isUnsure = [...this.underWay, ...this.statements].some(({ acknowledges }) => acknowledges);
    if (!this.wish || isUnsure) return undefined;
    const { wish } = this;
    this.wish = undefined;
    return wish;
  }
}
