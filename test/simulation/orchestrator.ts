/** The orchestrator's own services around a store that outlives them, in virtual time and without a socket. */
import type { SchedulerRegistry } from '@nestjs/schedule';
import type { Response } from 'express';
import { NoTracer } from '@longshore/core';
import type { Chance, JobPlugin, JobStore, ObjectStore } from '@longshore/core';
import { MemoryScratch, type ManualClock, RecordingNotifier } from '@longshore/core/testing';
import { Revocations } from '../../apps/orchestrator/src/access/revocations.js';
import { TokenBook } from '../../apps/orchestrator/src/access/token-book.js';
import { Presence } from '../../apps/orchestrator/src/access/presence.js';
import { WorkerTokens } from '../../apps/orchestrator/src/access/worker-tokens.js';
import { Planner } from '../../apps/orchestrator/src/batching/planner.js';
import { OrchestratorConfig } from '../../apps/orchestrator/src/configuration/orchestrator-config.js';
import { Happenings } from '../../apps/orchestrator/src/events/happenings.js';
import { watchedStore } from '../../apps/orchestrator/src/events/watched-store.js';
import { Readiness } from '../../apps/orchestrator/src/http/readiness.js';
import { Canceller } from '../../apps/orchestrator/src/jobs/canceller.js';
import { DeadLetterSearch } from '../../apps/orchestrator/src/jobs/dead-letter-search.js';
import { Doorway } from '../../apps/orchestrator/src/jobs/doorway.js';
import { JobFinisher } from '../../apps/orchestrator/src/jobs/job-finisher.js';
import { JobReports } from '../../apps/orchestrator/src/jobs/job-reports.js';
import { LateLeftovers } from '../../apps/orchestrator/src/jobs/late-leftovers.js';
import { Leftovers } from '../../apps/orchestrator/src/jobs/leftovers.js';
import { ReportWriter } from '../../apps/orchestrator/src/jobs/report-writer.js';
import { Redriver } from '../../apps/orchestrator/src/jobs/redriver.js';
import { Steering } from '../../apps/orchestrator/src/jobs/steering.js';
import { Assigner } from '../../apps/orchestrator/src/leases/assigner.js';
import { AttemptEndings } from '../../apps/orchestrator/src/leases/attempt-endings.js';
import { HeldLeaseFinder } from '../../apps/orchestrator/src/leases/held-lease-finder.js';
import { LeaseReports } from '../../apps/orchestrator/src/leases/lease-reports.js';
import { LeasesController } from '../../apps/orchestrator/src/leases/leases.controller.js';
import { LegacyFit } from '../../apps/orchestrator/src/leases/legacy-fit.js';
import { LegacyReports } from '../../apps/orchestrator/src/leases/legacy-reports.js';
import { Publisher } from '../../apps/orchestrator/src/leases/publisher.js';
import { StatusReports } from '../../apps/orchestrator/src/leases/status-reports.js';
import { Stragglers } from '../../apps/orchestrator/src/leases/stragglers.js';
import { WaitingRoom } from '../../apps/orchestrator/src/leases/waiting-room.js';
import { Channels } from '../../apps/orchestrator/src/notifications/channels.js';
import { Newsroom } from '../../apps/orchestrator/src/notifications/newsroom.js';
import { PluginCatalog } from '../../apps/orchestrator/src/plugins/plugin-catalog.js';
import { RegistryController } from '../../apps/orchestrator/src/registry/registry.controller.js';
import { WorkerRegistry } from '../../apps/orchestrator/src/registry/worker-registry.js';
import { Answers } from '../../apps/orchestrator/src/requests/answers.js';
import { ImageDigests } from '../../apps/orchestrator/src/skipping/image-digests.js';
import { RecordWriter } from '../../apps/orchestrator/src/skipping/record-writer.js';
import { TurnReports } from '../../apps/orchestrator/src/turns/turn-reports.js';
import { TurnTaker } from '../../apps/orchestrator/src/turns/turn-taker.js';
import { TurnsController } from '../../apps/orchestrator/src/turns/turns.controller.js';
import { Traces } from '../../apps/orchestrator/src/tracing/traces.js';
import { Rescuer } from '../../apps/orchestrator/src/timeouts/rescuer.js';
import { mortal, type Accidents, type Life } from './mortal.js';

export interface OrchestratorWorld {
  store: JobStore;
  objects: ObjectStore;
  clock: ManualClock;
  chance: Chance;
  plugin: JobPlugin;
  leaseSeconds: number;
}

/** The simulation looks for overdue leases itself, at virtual times. */
const noTimers = {
  addInterval: (_: string, timer: NodeJS.Timeout) => clearInterval(timer),
  doesExist: () => false,
  deleteInterval: () => undefined,
} as unknown as SchedulerRegistry;

const openConnection = { once: () => openConnection, off: () => openConnection } as unknown as Response;

export class SimulatedOrchestrator {
  readonly leases: LeasesController;
  readonly turns: TurnsController;
  readonly registry: RegistryController;
  readonly steering: Steering;
  /** Nobody can reach it before it has looked at what is stored. */
  listens = false;
  private readonly rescuer: Rescuer;
  private readonly services: { onApplicationBootstrap(): unknown }[];

  constructor(
    readonly life: Life,
    world: OrchestratorWorld,
    accidents: Accidents,
    onFailure: (thrown: unknown) => void,
  ) {
    const { chance } = world;
    const objects = mortal(world.objects, life);
    const clock = mortal(world.clock, life);
    const config = new OrchestratorConfig({ LONGSHORE_LEASE_SECONDS: String(world.leaseSeconds) });
    const plugins = new PluginCatalog([world.plugin]);
    const happenings = new Happenings();
    const store = watchedStore(mortal(world.store, life, accidents), happenings.changed);
    const traces = new Traces(new NoTracer(), clock, config);
    const channels = [{ name: 'mail', kind: 'mail' as const, notifier: new RecordingNotifier() }];
    const newsroom = new Newsroom(new Channels(channels, config.news.wanted));
    const scratch = new MemoryScratch();
    const images = new ImageDigests(store, clock, config, happenings);
    const records = new RecordWriter(store, objects, scratch);
    const answers = new Answers(store, clock);
    const tokens = new WorkerTokens(store, clock, config);
    const presence = new Presence(new Revocations(happenings, new TokenBook(store, clock, chance, happenings)));
    const registry = new WorkerRegistry(store, clock, chance, tokens, config, happenings);
    const endings = new AttemptEndings(store, clock, chance, plugins, happenings, newsroom);
    const reports = new LeaseReports(store, clock, plugins, config, endings);
    const finder = new HeldLeaseFinder(store);
    const publisher = new Publisher(store, objects, clock, happenings, traces, newsroom);
    const legacy = new LegacyReports(store, clock, reports, endings, publisher, registry, happenings);
    const statuses = new StatusReports(store, reports, endings, legacy, finder, registry, answers, happenings, traces);
    const stragglers = new Stragglers(store, clock, config);
    const fit = new LegacyFit(plugins, config);
    const room = new WaitingRoom(store, clock, config, happenings, stragglers);
    room.onModuleInit();
    const assigner = new Assigner(
      store,
      clock,
      plugins,
      registry,
      config,
      room,
      stragglers,
      fit,
      new Readiness(),
      traces,
    );
    const leftovers = new Leftovers(store, objects);
    const summaries = new ReportWriter(store, objects, new JobReports(store, objects));
    this.leases = new LeasesController(
      assigner,
      reports,
      statuses,
      endings,
      finder,
      registry,
      answers,
      presence,
      tokens,
      happenings,
    );
    const turnReports = new TurnReports(statuses, reports, happenings, traces);
    const turns = new TurnTaker(store, clock, config, turnReports, assigner, stragglers, room, traces);
    this.turns = new TurnsController(turns, registry, presence, tokens);
    this.registry = new RegistryController(registry, config, answers, tokens);
    const redriver = new Redriver(store, clock, new DeadLetterSearch(store), happenings, new Doorway());
    this.steering = new Steering(store, clock, happenings, redriver, newsroom);
    this.rescuer = new Rescuer(store, clock, reports, endings, publisher, registry, config, noTimers);
    this.services = [
      this.rescuer,
      new Planner(store, objects, chance, clock, plugins, happenings, newsroom, scratch, images, records),
      new JobFinisher(store, clock, plugins, summaries, leftovers, happenings, newsroom, records),
      redriver,
      new LateLeftovers(store, clock, plugins, leftovers, config, happenings),
      new Canceller(store, clock, plugins, leftovers, config, happenings, records),
    ];
    this.serve(clock).catch(onFailure);
  }

  get connection(): Response {
    return openConnection;
  }

  private async serve(clock: ManualClock): Promise<void> {
    for (const service of this.services) await service.onApplicationBootstrap();
    this.listens = true;
    for (;;) {
      await clock.sleep(500);
      await this.rescuer.rescueOverdue();
    }
  }
}
