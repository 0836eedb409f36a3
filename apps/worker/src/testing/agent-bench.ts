/** A whole worker with everything around it faked: an orchestrator that gives what a test says, a machine that a test takes away. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { LongshoreError, NoTracer } from '@longshore/core';
import type {
  Assignment,
  AssignmentAnswer,
  RegisterAnswer,
  RegisterRequest,
  TurnAnswer,
  TurnRequest,
} from '@longshore/core/protocol';
import {
  aPlugin,
  ManualClock,
  MemoryObjectStore,
  ScriptedContainerEngine,
  ScriptedMachine,
  SeededChance,
  type MemoryDiscovery,
  type ScriptedProgram,
} from '@longshore/core/testing';
import { Agent } from '../agent/agent.js';
import { Departure } from '../agent/departure.js';
import { Address } from '../client/address.js';
import { WorkerConfig } from '../configuration/worker-config.js';
import { LastContact } from '../discovery/last-contact.js';
import { OrchestratorFinder } from '../discovery/orchestrator-finder.js';
import { LeaseKeeper } from '../heartbeat/lease-keeper.js';
import { Heartbeats, type HeartbeatIdentity, type HeartbeatListener } from '../heartbeat/lease-keeping.js';
import { LoadedPlugin } from '../loaded-plugin.js';
import { SlotCount } from '../machine/slot-count.js';
import { WorkerMeter } from '../metrics/worker-meter.js';
import { WorkerModule } from '../worker.module.js';
import { ScriptedClient } from './scripted-client.js';

const known = { instanceId: 'i-1', type: 'm5.large', zone: 'us-east-1a', region: 'us-east-1' };

/** Gives what is queued, and lets everybody else wait until they hang up. */
class GivingClient extends ScriptedClient {
  readonly queue: Assignment[] = [];
  readonly registered: RegisterRequest[] = [];
  private given = Promise.withResolvers<void>();
  onRegister: () => Partial<RegisterAnswer> = () => ({});

  give(assignment: Assignment): void {
    this.queue.push(assignment);
    this.given.resolve();
    this.given = Promise.withResolvers();
  }

  override async register(request: RegisterRequest): Promise<RegisterAnswer> {
    const said = { worker_id: 'w', message: 'registered', heartbeat_seconds: 2, lease_seconds: 10 };
    this.registered.push(request);
    return { ...said, tasks_ahead: 1, turns: true, ...this.onRegister() };
  }

  override async ask(_: string, __: number, max: number, signal?: AbortSignal): Promise<AssignmentAnswer> {
    const hungUp = new Promise((resolve) => signal?.addEventListener('abort', resolve));
    while (this.queue.length === 0 && !signal?.aborted) await Promise.race([hungUp, this.given.promise]);
    signal?.throwIfAborted();
    return { assignment: null, assignments: this.queue.splice(0, max) };
  }

  override async turn(id: string, request: TurnRequest, signal?: AbortSignal): Promise<TurnAnswer> {
    const answer = await super.turn(id, request, signal);
    const { max = 0, wait = 0 } = request;
    if (wait === 0) return { ...answer, assignments: this.queue.splice(0, max) };
    const { assignments = [] } = await this.ask(id, wait, max, signal);
    return { ...answer, assignments };
  }
}

export interface BenchOptions {
  settings?: Record<string, string>;
  program?: ScriptedProgram;
  images?: string[];
  /** Other ones than an ordinary store in memory. */
  objects?: MemoryObjectStore;
  /** Where the address is left; without it the address is known. */
  discovery?: MemoryDiscovery;
}

export class AgentBench implements AsyncDisposable {
  readonly objects: MemoryObjectStore;
  readonly clock = new ManualClock();
  readonly client = new GivingClient();
  readonly machine = new ScriptedMachine(known);
  /** Addresses at which nobody of ours answers. */
  readonly strangers = new Set<string>();
  address!: Address;
  engine!: ScriptedContainerEngine;
  departure!: Departure;
  private working: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    objects: MemoryObjectStore | undefined,
  ) {
    this.objects = objects ?? new MemoryObjectStore();
    this.objects.createBucket('images');
    this.objects.createBucket('results');
  }

  static async open(options: BenchOptions = {}): Promise<AgentBench> {
    const bench = new AgentBench(await mkdtemp(join(tmpdir(), 'longshore-agent-')), options.objects);
    await bench.begin(options);
    return bench;
  }

  /** What the worker throws at its end, if it throws. */
  async ended(): Promise<unknown> {
    return this.working;
  }

  /** Until what has been set going has happened. */
  async settle(): Promise<void> {
    for (let turns = 0; turns < 50; turns += 1) await setImmediate();
  }

  async until(holds: () => boolean): Promise<void> {
    const limit = performance.now() + 20_000;
    while (!holds()) {
      if (performance.now() > limit) throw new Error('It never came so far.');
      await sleep(2);
    }
  }

  /** What is left in its folder, which must be nothing. */
  async left(): Promise<string[]> {
    return readdir(join(this.folder, 'work'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.departure.stop('asked', 'the test is over');
    await this.working;
    await rm(this.folder, { recursive: true });
  }

  private async begin({ settings = {}, program, images = ['busybox:1.36'], discovery }: BenchOptions): Promise<void> {
    const { clock, client, machine, objects } = this;
    const LONGSHORE_WORK = join(this.folder, 'work');
    const config = new WorkerConfig({ LONGSHORE_PLUGIN: 'echo', LONGSHORE_SLOTS: '1', LONGSHORE_WORK, ...settings });
    const chance = new SeededChance();
    const address = new Address(discovery ? undefined : 'http://here', discovery !== undefined);
    this.address = address;
    const probe = async (url: string) => {
      if (this.strangers.has(url)) throw new LongshoreError('orchestrator-unreachable', 'Nobody is there.');
    };
    const programs: Record<string, ScriptedProgram> = program ? { program } : {};
    this.engine = new ScriptedContainerEngine({ images, programs });
    const plugin = aPlugin({}, { command: (task) => ['program', ...task.objects.map((object) => object.relativeKey)] });
    const world = {
      config,
      slots: SlotCount.decide(config.slots, plugin),
      plugin: new LoadedPlugin(plugin, config.policy),
      engine: this.engine,
      objects,
      client,
      address,
      finder: new OrchestratorFinder({ discovery, address, probe, clock, chance, say: () => undefined }),
      contact: new LastContact(address, clock, config.cloud.giveUpMs),
      machine,
      clock,
      chance,
      heartbeats: new HeartbeatsHere(client, clock, chance),
      tracer: new NoTracer(),
      meter: new WorkerMeter(),
    };
    const app = await NestFactory.createApplicationContext(WorkerModule.in(world), { logger: false });
    this.departure = app.get(Departure);
    this.working = app
      .get(Agent)
      .work(() => undefined)
      .catch((thrown: unknown) => thrown);
  }
}

/** Without a thread of its own, so that the test's clock is its clock. */
class HeartbeatsHere extends Heartbeats {
  constructor(
    private readonly client: ScriptedClient,
    private readonly clock: ManualClock,
    private readonly chance: SeededChance,
  ) {
    super();
  }

  begin(identity: HeartbeatIdentity, { warn, drain }: HeartbeatListener): LeaseKeeper {
    const { client, clock, chance } = this;
    const keeper = new LeaseKeeper({ client, clock, chance, load: { read: () => ({}) } }, identity, warn, drain);
    keeper.start();
    return keeper;
  }
}
