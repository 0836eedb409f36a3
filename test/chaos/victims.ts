/** The processes that are killed, stopped and cut off, and what is done to them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from '@longshore/core';
import type { ChaosProxy } from '../support/chaos-proxy.js';
import type { Cluster } from '../support/cluster.js';
import type { Environment, Process } from '../support/process.js';
import { oneOf } from './trouble.js';

export interface Tally {
  kills: number;
  stops: number;
  cuts: number;
}

/** Something that can be hurt in several ways, for so many milliseconds. */
type Harm = (forMs: number) => Promise<void>;

export interface Torment {
  harms: readonly Harm[];
  chance: Chance;
  /** How long a harm lasts at most. */
  longestMs: number;
}

/** Hurts again and again, with pauses, until told to stop; what was begun is ended, so that everybody is alive afterwards. */
export async function torment({ harms, chance, longestMs }: Torment, calm: AbortSignal): Promise<void> {
  for (;;) {
    const pauseMs = 500 + chance.fraction() * 5_500;
    await sleep(pauseMs, undefined, { signal: calm }).catch(() => undefined);
    if (calm.aborted) return;
    await oneOf(harms, chance)(chance.fraction() * longestMs);
  }
}

export class WorkerVictim {
  private process: Process;

  constructor(
    private readonly cluster: Cluster,
    readonly name: string,
    readonly proxy: ChaosProxy,
    private readonly environment: Environment,
    private readonly tally: Tally,
  ) {
    this.process = this.start();
  }

  get harms(): Harm[] {
    return [(ms) => this.kill(ms), (ms) => this.stop(ms), (ms) => this.cutOff(ms)];
  }

  /** What the worker wrote when it ended although nobody had killed it; undefined while it runs. */
  get lastWords(): string | undefined {
    return this.process.running ? undefined : `${this.name} ended by itself:\n${this.process.output}`;
  }

  /** Ends it in order; resolves with what went wrong. */
  async dismiss(): Promise<string[]> {
    const { code, stdout, stderr } = await this.process.stop('SIGTERM');
    return code === 0 ? [] : [`${this.name} ended with code ${code}:\n${stdout}${stderr}`];
  }

  private async kill(awayMs: number): Promise<void> {
    this.tally.kills += 1;
    await this.process.stop('SIGKILL');
    await sleep(awayMs / 3);
    this.process = this.start();
  }

  private async stop(ms: number): Promise<void> {
    this.tally.stops += 1;
    this.process.kill('SIGSTOP');
    await sleep(ms);
    this.process.kill('SIGCONT');
  }

  private async cutOff(ms: number): Promise<void> {
    this.tally.cuts += 1;
    this.proxy.cutOff(ms % 2 < 1 ? 'both' : 'answers');
    await sleep(ms);
    this.proxy.mend();
  }

  private start(): Process {
    return this.cluster.startWorker(this.name, 'rgo-segmentation', {
      ...this.environment,
      LONGSHORE_URL: this.proxy.url,
    });
  }
}

export class OrchestratorVictim {
  constructor(
    private readonly cluster: Cluster,
    private readonly tally: Tally,
  ) {}

  get harms(): Harm[] {
    return [(ms) => this.kill(ms), (ms) => this.stop(ms)];
  }

  get lastWords(): string | undefined {
    const { orchestrator } = this.cluster;
    return orchestrator.running ? undefined : `the orchestrator ended by itself:\n${orchestrator.output}`;
  }

  private async kill(awayMs: number): Promise<void> {
    this.tally.kills += 1;
    await this.cluster.orchestrator.stop('SIGKILL');
    await sleep(awayMs / 3);
    await this.cluster.restartOrchestrator();
  }

  private async stop(ms: number): Promise<void> {
    this.tally.stops += 1;
    this.cluster.orchestrator.kill('SIGSTOP');
    await sleep(ms);
    this.cluster.orchestrator.kill('SIGCONT');
  }
}
