/** The worker: prepares this machine, works until told to leave, and leaves nothing behind. */
import { Injectable, Logger } from '@nestjs/common';
import { Clock, ContainerEngine, Machine, type ImageFacts } from '@longshore/core';
import { isForeign } from '../client/persistence.js';
import { WorkerConfig } from '../configuration/worker-config.js';
import { LoadedPlugin } from '../loaded-plugin.js';
import { SlotCount } from '../machine/slot-count.js';
import { gatherFacts } from '../machine/machine-facts.js';
import { containerLabels } from '../slots/container-labels.js';
import { SlotPool } from '../slots/slot-pool.js';
import { Departure } from './departure.js';
import { Foresight } from './foresight.js';
import { checkHardening } from './hardening.js';
import { leaveHome, removeLeftContainers, takeHome, type Home } from './leftovers.js';
import { thisProcess, type ProcessOwner } from './process-owner.js';
import { pullImage } from './pull-image.js';
import { Registrar } from './registrar.js';
import type { Introduction } from './registration.js';
import { WorkTaker } from './work-taker.js';

@Injectable()
export class Agent {
  private readonly log = new Logger('Worker');
  private isReady = false;

  constructor(
    private readonly config: WorkerConfig,
    private readonly slots: SlotCount,
    private readonly loaded: LoadedPlugin,
    private readonly engine: ContainerEngine,
    private readonly machine: Machine,
    private readonly clock: Clock,
    private readonly departure: Departure,
    private readonly foresight: Foresight,
    private readonly registrar: Registrar,
    private readonly taker: WorkTaker,
  ) {}

  /**
   * Works until the orchestrator has nothing left or the worker has to leave; leaves no container and no workspace.
   *
   * @throws LongshoreError when this machine cannot work at all: `engine-unavailable`, `image-not-found`, ...
   */
  async work(onReady: () => void): Promise<void> {
    const over = new AbortController();
    this.foresight.begin(over.signal);
    // Asked while the image comes, so that nobody waits for the answers.
    const introduction: Introduction = { facts: gatherFacts(this.machine), hardened: false };
    try {
      const me = thisProcess(this.config.name, this.config.home);
      const home = await this.moveIn(me);
      await this.workHere(introduction, containerLabels(me), onReady).finally(() => leaveHome(home));
    } catch (thrown) {
      if (!this.departure.noMore.aborted) {
        if (!this.isReady) await this.registrar.tellWhyNot(introduction, thrown);
        throw thrown;
      }
    } finally {
      over.abort();
    }
    this.departure.throwIfBroken();
  }

  private async moveIn(me: ProcessOwner): Promise<Home> {
    const left = await removeLeftContainers(this.engine, me);
    if (left > 0) this.log.log(`Removed ${left} containers of workers that were killed.`);
    this.log.log(this.slots.reason);
    if (this.slots.warning !== undefined) this.log.warn(this.slots.warning);
    for (const line of this.loaded.reduced) this.log.warn(line);
    return takeHome(this.config.workFolder, this.config.home, me);
  }

  private async workHere(
    introduction: Introduction,
    labels: Record<string, string>,
    onReady: () => void,
  ): Promise<void> {
    const slots = this.newPool(labels);
    try {
      const { image } = this.loaded.plugin.container;
      const facts = await this.unlessStopped(pullImage(this.engine, this.clock, image, (line) => this.log.log(line)));
      await slots.open();
      introduction.hardened = await checkHardening(
        slots,
        this.config,
        (line) => this.log.log(line),
        this.engine.encloses,
      );
      await this.serve(introduction, facts, slots, onReady);
    } finally {
      await slots.close();
    }
  }

  /** A pull cannot be called back, but nobody has to wait for it. */
  private unlessStopped<T>(work: Promise<T>): Promise<T> {
    const { noMore: signal } = this.departure;
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason as Error);
      if (signal.aborted) leave();
      signal.addEventListener('abort', leave, { once: true });
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  private newPool(labels: Record<string, string>): SlotPool {
    const { name: workerName, home, keepFreeBytes, prefetchBytes: aheadBytes } = this.config;
    const size = this.slots.slots;
    const options = { size, workerName, home, labels, keepFreeBytes, aheadBytes };
    return new SlotPool(this.engine, this.loaded.plugin, options);
  }

  private async serve(
    introduction: Introduction,
    image: ImageFacts,
    slots: SlotPool,
    onReady: () => void,
  ): Promise<void> {
    const { noMore } = this.departure;
    this.isReady = true;
    let registration = await this.registrar.register(introduction, image);
    onReady();
    try {
      while (!noMore.aborted) {
        const goOn = await this.taker.takeSome(registration, slots).catch(async (thrown: unknown) => {
          if (!isForeign(thrown) || thrown.code === 'token-revoked') throw thrown;
          await registration.keeper.stop();
          registration = await this.registrar.register(introduction, image);
          return true;
        });
        if (!goOn) break;
      }
    } finally {
      await this.taker.settle();
      await registration.keeper.stop();
      await this.registrar.sayGoodbye(registration.workerId, this.departure.reason);
    }
  }
}
