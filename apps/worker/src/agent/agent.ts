/** The worker's loop: ask for as much work as slots are free, run it, until told to stop. */
import { Injectable, Logger } from '@nestjs/common';
import {
  Chance,
  Clock,
  ContainerEngine,
  LongshoreError,
  messageOf,
  ObjectStore,
  type ImageFacts,
} from '@longshore/core';
import type { Assignment } from '@longshore/core/protocol';
import { OrchestratorClient } from '../client/orchestrator-client.js';
import { isForeign, persistently } from '../client/persistence.js';
import { WorkerConfig } from '../configuration/worker-config.js';
import { Heartbeats, type LeaseKeeping } from '../heartbeat/lease-keeping.js';
import { LoadedPlugin } from '../loaded-plugin.js';
import { containerLabels } from '../slots/container-labels.js';
import { SlotPool } from '../slots/slot-pool.js';
import { TaskRunner } from '../task/task-runner.js';
import { checkHardening } from './hardening.js';
import { leaveHome, removeLeftContainers, takeHome } from './leftovers.js';
import { thisProcess } from './process-owner.js';
import { pullImage } from './pull-image.js';
import { registerRequest } from './registration.js';

/** A long poll, well below what proxies cut off. */
const waitSeconds = 20;

interface Registration {
  workerId: string;
  keeper: LeaseKeeping;
  runner: TaskRunner;
}

@Injectable()
export class Agent {
  private readonly log = new Logger('Worker');
  private readonly stopping = new AbortController();
  private readonly tasks = new Set<Promise<void>>();
  private hardened = false;
  private broken: unknown;

  constructor(
    private readonly config: WorkerConfig,
    private readonly loaded: LoadedPlugin,
    private readonly engine: ContainerEngine,
    private readonly objects: ObjectStore,
    private readonly client: OrchestratorClient,
    readonly clock: Clock,
    readonly chance: Chance,
    private readonly heartbeats: Heartbeats,
  ) {}

  /** Ends the loop: running containers are stopped and their tasks handed back. */
  stop(reason: string): void {
    this.stopping.abort(new LongshoreError('worker-stopped', reason));
  }

  /**
   * Works until the orchestrator has nothing left or `stop` is called; leaves no container and no workspace.
   *
   * @throws LongshoreError when this machine cannot work at all: `engine-unavailable`, `image-not-found`, ...
   */
  async work(onReady: () => void): Promise<void> {
    const me = thisProcess(this.config.name, this.config.home);
    const left = await removeLeftContainers(this.engine, me);
    if (left > 0) this.log.log(`Removed ${left} containers of workers that were killed.`);
    for (const line of this.loaded.reduced) this.log.warn(line);
    const home = await takeHome(this.config.workFolder, this.config.home, me);
    const slots = this.newPool(containerLabels(me));
    try {
      const { image } = this.loaded.plugin.container;
      const facts = await this.unlessStopped(pullImage(this.engine, this.clock, image, (line) => this.log.log(line)));
      await slots.open();
      this.hardened = await checkHardening(slots, this.config, (line) => this.log.log(line), this.engine.encloses);
      await this.serve(facts, slots, onReady);
    } catch (thrown) {
      if (!this.stopping.signal.aborted) throw thrown;
    } finally {
      await slots.close();
      await leaveHome(home);
    }
    if (this.broken) throw this.broken;
  }

  /** A pull cannot be called back, but nobody has to wait for it. */
  private unlessStopped<T>(work: Promise<T>): Promise<T> {
    const { signal } = this.stopping;
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason as Error);
      if (signal.aborted) leave();
      signal.addEventListener('abort', leave, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  private newPool(labels: Record<string, string>): SlotPool {
    const { slots: size, name: workerName, home, keepFreeBytes } = this.config;
    return new SlotPool(this.engine, this.loaded.plugin, { size, workerName, home, labels, keepFreeBytes });
  }

  private async serve(image: ImageFacts, slots: SlotPool, onReady: () => void): Promise<void> {
    const { signal } = this.stopping;
    let registration = await this.register(image);
    onReady();
    try {
      while (!signal.aborted) {
        const goOn = await this.takeWork(registration, slots).catch(async (thrown: unknown) => {
          if (!isForeign(thrown) || thrown.code === 'token-revoked') throw thrown;
          await registration.keeper.stop();
          registration = await this.register(image);
          return true;
        });
        if (!goOn) break;
      }
    } finally {
      await this.settleTasks();
      await registration.keeper.stop();
      await this.sayGoodbye(registration.workerId);
    }
  }

  /** @returns false when there is nothing left to do */
  private async takeWork({ workerId, keeper, runner }: Registration, slots: SlotPool): Promise<boolean> {
    const { signal } = this.stopping;
    if (slots.freeCount === 0) {
      await Promise.race(this.tasks);
      return true;
    }
    const ask = () => this.client.ask(workerId, waitSeconds, slots.freeCount, signal);
    const { assignment, assignments = [] } = await persistently(this, signal, ask, (trouble) =>
      this.log.warn(trouble.sentence),
    );
    if (assignment && 'shutdown' in assignment) {
      this.log.log(assignment.message);
      return false;
    }
    for (const given of assignments) {
      const renewedAt = await this.acknowledge(workerId, given);
      if (renewedAt !== undefined) this.begin(given, renewedAt, { workerId, keeper, runner }, slots);
    }
    return true;
  }

  /**
   * Said before anything else is asked for, because what is not acknowledged is given again.
   *
   * @returns when the acknowledgement, which renews the lease, was sent; undefined when the lease was taken back meanwhile
   */
  private async acknowledge(workerId: string, { assignment_id, fence }: Assignment): Promise<number | undefined> {
    const { signal } = this.stopping;
    // Each try is a request of its own: a stored answer would renew nothing.
    const acknowledge = async () => {
      const sentAt = this.clock.now();
      const request = { assignment_id, fence, request_id: this.chance.id() };
      await this.client.acknowledge(workerId, request, signal);
      return sentAt;
    };
    try {
      return await persistently(this, signal, acknowledge);
    } catch (thrown) {
      if (thrown instanceof LongshoreError && thrown.code === 'stale-fence') return undefined;
      throw thrown;
    }
  }

  private begin(assignment: Assignment, renewedAt: number, registration: Registration, slots: SlotPool): void {
    const slot = slots.take();
    if (!slot) return;
    const lease = registration.keeper.keep({ ...assignment, slot: slot.number }, renewedAt);
    const task = registration.runner
      .run(assignment, slot, { lost: lease.lost, stopping: this.stopping.signal })
      .catch((thrown: unknown) => this.breakDown(thrown))
      .finally(() => {
        lease.release();
        slots.giveBack(slot);
        this.tasks.delete(task);
      });
    this.tasks.add(task);
  }

  /** This machine can run nothing more; what it holds goes to others. */
  private breakDown(thrown: unknown): void {
    this.broken ??= thrown;
    this.stop(messageOf(thrown));
  }

  private async register(image: ImageFacts): Promise<Registration> {
    const { chance, client, clock, config, loaded, objects } = this;
    const { signal } = this.stopping;
    const request = { ...registerRequest(config, loaded.plugin, this.hardened), request_id: chance.id() };
    const answer = await persistently(
      this,
      signal,
      () => client.register(request, signal),
      (trouble) => this.log.warn(trouble.sentence),
    );
    const workerId = answer.worker_id;
    const identity = { workerId, heartbeatMs: answer.heartbeat_seconds * 1000 };
    const keeper = this.heartbeats.begin(identity, {
      warn: (line) => this.log.warn(line),
      broke: (error) => this.breakDown(error),
    });
    const { plugin } = loaded;
    const runner = new TaskRunner({ client, clock, chance, objects, plugin, imageDigest: image.digest, workerId });
    return { workerId, keeper, runner };
  }

  private async settleTasks(): Promise<void> {
    await Promise.allSettled(this.tasks);
  }

  private async sayGoodbye(workerId: string): Promise<void> {
    const reason = this.stopping.signal.aborted ? messageOf(this.stopping.signal.reason) : 'nothing is left to do';
    const limit = AbortSignal.timeout(3_000);
    await this.client
      .report(workerId, { status: 'shutting-down', details: { reason }, request_id: this.chance.id() }, limit)
      .catch((thrown: unknown) => this.log.warn(`Could not say goodbye: ${messageOf(thrown)}.`));
  }
}
