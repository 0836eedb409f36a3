/** Makes the worker leave in time: when its machine is taken away, or when no orchestrator was heard of for too long. */
import { Injectable, Logger } from '@nestjs/common';
import { Chance, Clock, Machine, type Interruption } from '@longshore/core';
import { WorkerConfig } from '../configuration/worker-config.js';
import { LastContact } from '../discovery/last-contact.js';
import { NoMachine } from '../machine/no-machine.js';
import { SpotWatch } from '../machine/spot-watch.js';
import { Departure } from './departure.js';

@Injectable()
export class Foresight {
  private readonly log = new Logger('Worker');

  constructor(
    private readonly config: WorkerConfig,
    private readonly machine: Machine,
    private readonly contact: LastContact,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly departure: Departure,
  ) {}

  /** Until the signal is aborted. Where no cloud is, nobody is asked. */
  begin(signal: AbortSignal): void {
    void this.contact.watch((why) => this.departure.breakDown(why), signal);
    if (this.machine instanceof NoMachine) return;
    const { cloud } = this.config;
    const watch = new SpotWatch(this.machine, { clock: this.clock, chance: this.chance }, cloud.spotPollMs);
    const listener = {
      reclaimed: (coming: Interruption & { kind: 'reclaim' }) => this.reclaimed(coming),
      rebalance: () => this.rebalance(cloud.onRebalance),
      say: (line: string) => this.log.warn(line),
    };
    void watch.run(listener, signal);
  }

  /** Two minutes are enough to hand back, and too little to count on finishing. */
  private reclaimed({ action, inMs }: Interruption & { kind: 'reclaim' }): void {
    const reason = `its machine is taken away in ${Math.round(inMs / 1000)} seconds (${action})`;
    this.log.warn(`This worker hands back what it has: ${reason}.`);
    this.departure.stop('reclaimed', reason);
  }

  private rebalance(what: 'drain' | 'ignore'): void {
    const reason = 'its machine is likely to be taken away (rebalance recommendation)';
    if (what === 'ignore') return this.log.log(`Ignored, as LONGSHORE_ON_REBALANCE says: ${reason}.`);
    this.log.warn(`This worker finishes what it has and takes no more: ${reason}.`);
    this.departure.drain(reason);
  }
}
