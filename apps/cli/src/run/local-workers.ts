/** The worker processes of a local run: one that is killed is replaced, one that cannot work at all ends the run. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LongshoreError } from '@longshore/core';
import { BackgroundProcess } from './child-process.js';

/** A worker that keeps dying is a fault of its own, not bad luck. */
const replacementsOfEach = 5;
const graceMs = 15_000;
const sentHomeMs = 1_500;

type WorkerProcess = Pick<BackgroundProcess, 'ended' | 'ready' | 'stop'>;
type Begin = (environment: Record<string, string>, logPath: string) => WorkerProcess;

export class LocalWorkers {
  /** Rejects when no worker can work here. */
  readonly broken: Promise<never>;
  private readonly processes = new Map<number, WorkerProcess>();
  private breakDown: (error: LongshoreError) => void = () => undefined;
  private stopping = false;

  constructor(
    private readonly folder: string,
    private readonly environment: Record<string, string>,
    private readonly say: (line: string) => void,
    private readonly begin: Begin = (told, logPath) => BackgroundProcess.start('@longshore/worker/main', told, logPath),
  ) {
    this.broken = new Promise((_, reject) => (this.breakDown = reject));
    this.broken.catch(() => undefined);
  }

  start(count: number): void {
    for (let number = 1; number <= count; number += 1) this.launch(number, 0);
  }

  /** Waits for the workers to leave by themselves, as they are told when nothing is left to do; then makes them. */
  async stop(waitMs: number): Promise<void> {
    this.stopping = true;
    const left = [...this.processes.values()];
    await Promise.race([
      Promise.all(left.map((child) => child.ended)),
      new Promise((done) => setTimeout(done, waitMs).unref()),
    ]);
    await Promise.all([...this.processes.values()].map((child) => child.stop(graceMs)));
  }

  private launch(number: number, replacements: number): void {
    const child = this.begin(
      { ...this.environment, LONGSHORE_WORKER_NAME: `${this.environment.LONGSHORE_WORKER_NAME}-${number}` },
      join(this.folder, `worker-${number}.log`),
    );
    this.processes.set(number, child);
    child.ready().catch(() => undefined);
    void child.ended.then(({ code, fatal }) => {
      this.processes.delete(number);
      if (fatal && !this.stopping) this.breakDown(fatal);
      else void this.replace(number, replacements, code);
    });
  }

  private async replace(number: number, replacements: number, code: number | null): Promise<void> {
    // A worker that was sent home has left just before the job is seen to have ended.
    // Where it has, this is all that is left, and the command need not wait for it.
    if (code === 0) await sleep(sentHomeMs, undefined, { ref: false });
    if (this.stopping) return;
    if (replacements < replacementsOfEach) {
      this.say(`Worker ${number} has gone; another takes its place.`);
      this.launch(number, replacements + 1);
    } else {
      const log = join(this.folder, `worker-${number}.log`);
      this.breakDown(new LongshoreError('internal-error', `Worker ${number} ends again and again; ${log} says more.`));
    }
  }
}
