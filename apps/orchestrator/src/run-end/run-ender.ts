/** Brings a run to its end: one mail with true counts, and then the shutdown. */
import {
  Inject,
  Injectable,
  Logger,
  Optional,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import {
  Clock,
  failureOf,
  JobStore,
  LongshoreError,
  Machine,
  messageOf,
  newRunEnd,
  nextRunEnd,
  orderFailed,
  runEndEvent,
  runReport,
  type News,
  type RunEnd,
  type RunEndEvent,
  type StoreRecord,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';
import { Readiness, workToCome } from '../http/readiness.js';
import { Doorway } from '../jobs/doorway.js';
import { Newsroom } from '../notifications/newsroom.js';
import { OwnProcess } from '../own-process.js';
import { Rounds } from '../rounds.js';
import { RunNews } from './run-news.js';
import { RunRecords } from './run-records.js';

const recordName = 'run-end';
const everyMs = 250;

const sentences: Record<RunEndEvent, string> = {
  'all-ended': 'Every job has ended; workers are sent home.',
  'all-gone': 'Every worker has left; people are told.',
  told: 'People were told; a new job may still come.',
  'kept-serving': 'The run is over.',
  rested: 'The run is over; the machine is ended.',
  ordered: 'The shutdown is under way.',
  refused: 'The machine goes on.',
  'work-came': 'There is work again, so the run goes on.',
};

@Injectable()
export class RunEnder implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(RunEnder.name);
  private readonly rounds: Rounds;
  private stopping = false;
  private readonly subscriptions: (() => void)[] = [];

  constructor(
    private readonly config: OrchestratorConfig,
    private readonly store: JobStore,
    private readonly clock: Clock,
    schedule: SchedulerRegistry,
    private readonly happenings: Happenings,
    private readonly records: RunRecords,
    private readonly news: RunNews,
    private readonly newsroom: Newsroom,
    private readonly door: Doorway,
    private readonly own: OwnProcess,
    private readonly readiness: Readiness,
    @Optional() @Inject(Machine) private readonly machine: Machine | null,
  ) {
    this.rounds = new Rounds(schedule, {
      name: 'look for the end of the run',
      work: () => this.stepOn(),
      failed: (thrown) => this.log.error(`The end of the run could not be looked at: ${messageOf(thrown)}`),
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.runEnd.enabled) return;
    const { phase, failure } = await this.change((end) => ({ record: end }));
    if (phase === 'over') this.log.log(`The last run is over; a new job begins the next. ${failure?.message ?? ''}`);
    const { jobCreated, jobAdvanced, jobEnded } = this.happenings;
    for (const signal of [jobCreated, jobAdvanced, jobEnded]) {
      this.subscriptions.push(signal.subscribe(() => this.rounds.go()));
    }
    this.rounds.start(everyMs);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    for (const unsubscribe of this.subscriptions) unsubscribe();
    await this.rounds.stop();
  }

  private async stepOn(): Promise<void> {
    while (!this.stopping && (await this.step()));
  }

  /** @returns whether there may be more to do at once */
  private async step(): Promise<boolean> {
    if (this.readiness.isOpen(workToCome)) return false;
    const end = this.read(await this.store.findRecord(recordName));
    if (end.phase === 'stopping') return this.order(end);
    const event = runEndEvent(end, await this.records.facts(end), this.config.runEnd);
    if (event === undefined) return false;
    const report = event === 'all-gone' ? runReport(await this.records.ofRun(end), this.clock.now()) : undefined;
    await this.take(event, (next) => (report ? [this.news.ended(report, next)] : []));
    return true;
  }

  /** Nothing comes in from here on; what came in before is seen, and calls the shutdown off. */
  private async order(end: RunEnd): Promise<boolean> {
    if (this.clock.now() < end.orderAt) return false;
    await this.door.close();
    const event = runEndEvent(end, await this.records.facts(end), this.config.runEnd);
    if (event !== undefined) {
      this.door.open();
      await this.take(event);
      return true;
    }
    try {
      await this.endMachine();
      await this.take('ordered');
      if (this.config.runEnd.shutdown === 'exit') this.own.end();
    } catch (thrown) {
      this.door.open();
      await this.notOrdered(thrown);
    }
    return false;
  }

  private async endMachine(): Promise<void> {
    const { shutdown } = this.config.runEnd;
    if (shutdown === 'exit' || shutdown === 'none') return;
    if (this.machine) return this.machine.end(shutdown);
    throw new LongshoreError('machine-unknown', 'No cloud says which machine this is.', {
      remedy: 'Set LONGSHORE_SHUTDOWN to exit or none where there is no cloud.',
    });
  }

  private async notOrdered(thrown: unknown): Promise<void> {
    const why = failureOf(thrown, 'machine-failed', 'The machine could not be ended');
    const after = await this.change((end) => {
      const record = orderFailed(end, why, this.clock.now());
      return { record, news: record.phase === 'over' ? [this.news.notShutDown(record, why, this.clock.now())] : [] };
    });
    if (after.phase === 'over') this.log.error(`The machine goes on although the run is over: ${why.message}`);
    else this.log.warn(`The machine could not be ended and will be tried again: ${why.message}`);
    this.happenings.newsAdded.emit();
  }

  private async take(event: RunEndEvent, news: (next: RunEnd) => News[] = () => []): Promise<void> {
    await this.change((end) => {
      const record = nextRunEnd(end, event, this.clock.now());
      return { record, news: news(record) };
    });
    this.log.log(sentences[event]);
    if (event === 'all-gone') this.happenings.newsAdded.emit();
  }

  private async change(decide: (end: RunEnd) => { record: RunEnd; news?: News[] }): Promise<RunEnd> {
    const changed = await this.store.changeRecord(recordName, (found) => {
      const { record, news = [] } = decide(this.read(found));
      return { record: { ...record }, notices: news.flatMap((one) => this.newsroom.notices(one)) };
    });
    return this.read(changed);
  }

  private read(found: StoreRecord | undefined): RunEnd {
    return (found as RunEnd | undefined) ?? newRunEnd(this.clock.now());
  }
}
