/** Brings this worker in at the orchestrator of its cluster, and says goodbye to it. */
import { Injectable, Logger } from '@nestjs/common';
import { Chance, Clock, LongshoreError, messageOf, ObjectStore, Tracer, type ImageFacts } from '@longshore/core';
import type { RegisterAnswer, RegisterRequest } from '@longshore/core/protocol';
import { Address } from '../client/address.js';
import type { Desk, DeskTools } from '../client/desk.js';
import { OrchestratorClient } from '../client/orchestrator-client.js';
import { persistently } from '../client/persistence.js';
import { SingleRequests } from '../client/single-requests.js';
import { TurnDesk } from '../client/turn-desk.js';
import { WorkerConfig } from '../configuration/worker-config.js';
import { OrchestratorFinder } from '../discovery/orchestrator-finder.js';
import { Heartbeats, type LeaseKeeping } from '../heartbeat/lease-keeping.js';
import { LoadedPlugin } from '../loaded-plugin.js';
import { SlotCount } from '../machine/slot-count.js';
import { WorkerMeter } from '../metrics/worker-meter.js';
import type { Overlap } from '../task/pipeline.js';
import { TaskRunner } from '../task/task-runner.js';
import { Departure, wantedAway } from './departure.js';
import { registerRequest, type Introduction } from './registration.js';

export interface Registration {
  workerId: string;
  desk: Desk;
  keeper: LeaseKeeping;
  runner: TaskRunner;
  /** How far tasks overlap here at most. */
  overlap: Overlap;
}

const goodbyeWithinMs = 3_000;

@Injectable()
export class Registrar {
  private readonly log = new Logger('Worker');

  constructor(
    private readonly config: WorkerConfig,
    private readonly slots: SlotCount,
    private readonly loaded: LoadedPlugin,
    private readonly objects: ObjectStore,
    private readonly client: OrchestratorClient,
    private readonly address: Address,
    private readonly finder: OrchestratorFinder,
    readonly clock: Clock,
    readonly chance: Chance,
    private readonly heartbeats: Heartbeats,
    private readonly departure: Departure,
    private readonly tracer: Tracer,
    private readonly meter: WorkerMeter,
  ) {}

  /** Waits for the orchestrator as long as it takes. */
  async register(introduction: Introduction, image: ImageFacts): Promise<Registration> {
    const answer = await this.comeIn(introduction, image);
    const { client, clock, chance, objects } = this;
    const workerId = answer.worker_id;
    const identity = { workerId, heartbeatMs: answer.heartbeat_seconds * 1000 };
    const drain = () => this.departure.drain(wantedAway);
    const keeper = this.heartbeats.begin(identity, {
      warn: (line) => this.log.warn(line, { worker_id: workerId }),
      drain,
      broke: (error) => this.departure.breakDown(error),
    });
    const onTrouble = (trouble: LongshoreError) =>
      this.log.warn(trouble.sentence, { worker_id: workerId, code: trouble.code });
    const desk = this.openDesk(answer, { client, clock, chance, workerId, onTrouble, drain });
    const { plugin } = this.loaded;
    this.log.log(
      `Registered at ${this.address.url} as ${workerId}: ${plugin.name} ${plugin.version}, slots: ${this.slots.slots}.`,
      { worker_id: workerId },
    );
    const { tracer, meter } = this;
    const watched = { workerId, tracer, meter };
    const runner = new TaskRunner({ desk, clock, objects, plugin, imageDigest: image.digest, ...watched });
    // An orchestrator that does not know of tasks that wait would count their time limit while they do.
    return { workerId, desk, keeper, runner, overlap: answer.tasks_ahead ? 'ahead' : 'after' };
  }

  async sayGoodbye(workerId: string, reason: string): Promise<void> {
    const limit = AbortSignal.timeout(goodbyeWithinMs);
    await this.client
      .report(workerId, { status: 'shutting-down', details: { reason }, request_id: this.chance.id() }, limit)
      .catch((thrown: unknown) =>
        this.log.warn(`Could not say goodbye: ${messageOf(thrown)}.`, { worker_id: workerId }),
      );
  }

  /** A worker that cannot even begin tells why in the list of workers, where an operator looks. Tried once, and not for long. */
  async tellWhyNot(introduction: Introduction, why: unknown): Promise<void> {
    const signal = AbortSignal.timeout(goodbyeWithinMs);
    try {
      await this.finder.find(signal);
      const { worker_id } = await this.client.register(await this.request(introduction), signal);
      await this.sayGoodbye(worker_id, messageOf(why));
    } catch {
      // What it dies of is said by the process itself.
    }
  }

  private openDesk({ turns }: RegisterAnswer, tools: DeskTools): Desk {
    return turns ? new TurnDesk(tools) : new SingleRequests(tools);
  }

  private async comeIn(introduction: Introduction, image: ImageFacts): Promise<RegisterAnswer> {
    const { noMore: signal } = this.departure;
    for (;;) {
      await this.finder.find(signal);
      const request = { ...(await this.request(introduction)), image_digest: image.digest };
      const answer = await persistently(
        this,
        signal,
        () => this.client.register(request, signal),
        (trouble) => this.log.warn(trouble.sentence, { code: trouble.code }),
      );
      const wrong = this.otherCluster(answer);
      if (!wrong) return answer;
      // It is of a version that takes everybody in.
      await this.sayGoodbye(answer.worker_id, wrong.message);
      if (!this.address.mayMove) throw wrong;
      this.finder.reject(wrong);
    }
  }

  private async request({ facts, hardened }: Introduction): Promise<RegisterRequest> {
    const request = registerRequest(this.config, this.loaded.plugin, this.slots.slots, await facts, hardened);
    return { ...request, request_id: this.chance.id() };
  }

  /** Before there were names, every cluster was the default one. */
  private otherCluster({ cluster = 'default' }: RegisterAnswer): LongshoreError | undefined {
    const ours = this.config.cluster;
    if (cluster === ours) return undefined;
    const theirs = `The orchestrator at ${this.address.url} is of the cluster "${cluster}"`;
    return new LongshoreError('wrong-cluster', `${theirs}, and this worker is of the cluster "${ours}".`, {
      remedy: 'Set LONGSHORE_CLUSTER of both to one name.',
    });
  }
}
