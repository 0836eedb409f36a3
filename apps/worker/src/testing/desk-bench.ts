/** A desk before an orchestrator that understands both ways of speaking to it, and a network that loses what a test says. */
import { LongshoreError } from '@longshore/core';
import type {
  AckRequest,
  Assignment,
  AssignmentAnswer,
  StatusAnswer,
  StatusRequest,
  TurnAnswer,
  TurnReport,
  TurnRequest,
  TurnVerdict,
} from '@longshore/core/protocol';
import { ManualClock, MemoryObjectStore, SeededChance } from '@longshore/core/testing';
import { Address } from '../client/address.js';
import type { Desk, DeskTools } from '../client/desk.js';
import { OrchestratorClient } from '../client/orchestrator-client.js';
import { anAssignment } from './assignments.js';

/**
 * - `lost`: the request does not arrive.
 * - `unanswered`: it arrives, and its answer does not.
 * - `silent`: neither, and the connection stays open.
 */
export type Mishap = 'lost' | 'unanswered' | 'silent';

const unreachable = new LongshoreError('orchestrator-unreachable', 'No answer came.');

export class SmallOrchestrator extends OrchestratorClient {
  /** Everything that was sent, whether it arrived or not. */
  readonly turns: TurnRequest[] = [];
  /** Each time something was carried out, such as `completed a.1`; of an acknowledgement `received a.1`. */
  readonly heard: string[] = [];
  /** What becomes of the next requests. */
  readonly mishaps: Mishap[] = [];
  /** What it has to give. */
  readonly ready: Assignment[] = [];
  /** Assignments that it has taken back. */
  readonly gone = new Set<string>();
  /** When it last renewed a lease. */
  renewedAt = -Infinity;
  /** How many wait for work. */
  waiting = 0;
  shutdown: string | undefined;
  isDraining = false;
  /** What a report is answered; what it throws is a refusal. */
  onReport: (report: TurnReport) => StatusAnswer | undefined = () => undefined;
  /** What it throws, whoever asks for whatever is refused with. */
  onRequest: (turn?: TurnRequest) => void = () => undefined;
  private unheard: Assignment[] = [];
  private readonly answers = new Map<string, unknown>();
  private changed = Promise.withResolvers<void>();

  constructor(private readonly clock: ManualClock) {
    super(new Address('http://127.0.0.1:1'));
  }

  give(...names: string[]): void {
    const store = new MemoryObjectStore();
    store.createBucket('images');
    for (const name of names)
      this.ready.push(anAssignment(store, { [name]: name }, { assignment_id: `${name}.1`, task_id: name }));
    this.changed.resolve();
    this.changed = Promise.withResolvers();
  }

  override ask(_: string, wait: number, max: number, signal?: AbortSignal): Promise<AssignmentAnswer> {
    return this.exchange(signal, async (hungUp) => {
      const assignments = await this.given(max, wait, hungUp);
      if (this.shutdown === undefined) return { assignment: null, assignments };
      return { assignment: { shutdown: true, message: this.shutdown } };
    });
  }

  override async acknowledge(_: string, { assignment_id = '' }: AckRequest, signal?: AbortSignal): Promise<void> {
    await this.exchange(signal, async () => this.receive(assignment_id));
  }

  override report(_: string, { request_id, ...report }: StatusRequest, signal?: AbortSignal): Promise<StatusAnswer> {
    return this.exchange(signal, () => this.once(request_id, async () => this.judge(report as TurnReport)));
  }

  override turn(_: string, request: TurnRequest, signal?: AbortSignal): Promise<TurnAnswer> {
    this.turns.push(structuredClone(request));
    return this.exchange(
      signal,
      (hungUp) => this.once(request.request_id, () => this.carryOut(request, hungUp)),
      request,
    );
  }

  private async carryOut(request: TurnRequest, hungUp: AbortSignal): Promise<TurnAnswer> {
    const { reports = [], assignments: named = [], max = 0, wait = 0 } = request;
    const verdicts = reports.map((report) => this.verdictOn(report));
    for (const { assignment_id } of named) if (!this.gone.has(assignment_id)) this.receive(assignment_id);
    const orders = named
      .filter(({ assignment_id }) => this.gone.has(assignment_id))
      .map(({ assignment_id }) => ({ assignment_id, order: 'cancel' as const }));
    const isAtOnce = reports.length > 0 || max === 0;
    const assignments = await this.given(max, isAtOnce ? 0 : wait, hungUp);
    const { shutdown, isDraining } = this;
    const ends = max > 0 && shutdown !== undefined;
    return { verdicts, orders, assignments, ...(isDraining && { drain: true }), ...(ends && { shutdown }) };
  }

  private verdictOn(report: TurnReport): TurnVerdict {
    try {
      return this.judge(report);
    } catch (thrown) {
      const { code: refused, message, remedy } = thrown as LongshoreError;
      return { refused, message, ...(remedy !== undefined && { remedy }) };
    }
  }

  private judge(report: TurnReport): StatusAnswer {
    if (report.status === 'waiting') this.receive(report.assignment_id);
    else this.heard.push(`${report.status} ${report.assignment_id}`);
    return this.onReport(report) ?? { message: 'recorded' };
  }

  private receive(id: string): void {
    if (this.gone.has(id)) throw new LongshoreError('stale-fence', 'It is somebody else’s.');
    this.heard.push(`received ${id}`);
    this.renewedAt = this.clock.now();
    this.unheard = this.unheard.filter(({ assignment_id }) => assignment_id !== id);
  }

  /** What it has not been heard of comes first. */
  private async given(max: number, wait: number, hungUp: AbortSignal): Promise<Assignment[]> {
    const isOver = () => max === 0 || this.unheard.length + this.ready.length > 0 || this.shutdown !== undefined;
    const left = new Promise<void>((resolve) => hungUp.addEventListener('abort', () => resolve()));
    this.waiting += 1;
    while (wait > 0 && !isOver() && !hungUp.aborted) await Promise.race([this.changed.promise, left]);
    this.waiting -= 1;
    const again = this.unheard.slice(0, max);
    const more = this.ready.splice(0, max - again.length);
    this.unheard.push(...more);
    return [...again, ...more];
  }

  private async once<T>(id: string | undefined, work: () => Promise<T>): Promise<T> {
    if (id !== undefined && this.answers.has(id)) return this.answers.get(id) as T;
    const answer = await work();
    if (id !== undefined) this.answers.set(id, answer);
    return answer;
  }

  private async exchange<T>(
    signal: AbortSignal | undefined,
    work: (hungUp: AbortSignal) => Promise<T>,
    turn?: TurnRequest,
  ): Promise<T> {
    const hungUp = signal ?? new AbortController().signal;
    const mishap = this.mishaps.shift();
    if (mishap === 'silent') await new Promise((resolve) => hungUp.addEventListener('abort', resolve));
    hungUp.throwIfAborted();
    if (mishap === 'lost') throw unreachable;
    this.onRequest(turn);
    const answer = structuredClone(await work(hungUp));
    hungUp.throwIfAborted();
    if (mishap === 'unanswered') throw unreachable;
    return answer;
  }
}

export class DeskBench {
  readonly clock = new ManualClock();
  readonly orchestrator = new SmallOrchestrator(this.clock);
  readonly troubles: string[] = [];
  drains = 0;
  readonly desk: Desk;

  constructor(open: (tools: DeskTools) => Desk) {
    this.desk = open({
      client: this.orchestrator,
      clock: this.clock,
      chance: new SeededChance(),
      workerId: 'w',
      onTrouble: ({ code }) => this.troubles.push(code),
      drain: () => (this.drains += 1),
    });
  }

  /** Until what has been set going has happened, and what had to be said again was. */
  async settle(ms = 0): Promise<void> {
    for (let turns = 0; turns < 10; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    if (ms === 0) return;
    await this.clock.advance(ms);
    await this.settle();
  }
}
