/** One job under chaos: real workers, real containers, a real S3 API, and everything that can go wrong between them, drawn from a seed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SeededChance } from '@longshore/core/testing';
import { brokenBooks } from '../support/books.js';
import { ChaosProxy } from '../support/chaos-proxy.js';
import { Cluster } from '../support/cluster.js';
import { Sandbox } from '../support/sandbox.js';
import { tasksOf } from '../support/tasks.js';
import { leftBehind, misplacedImages, openUploads, wrongOutputs } from './end-checks.js';
import { inputBucket, outputBucket, type Ground } from './ground.js';
import { networkTrouble, storeTrouble } from './trouble.js';
import { OrchestratorVictim, torment, WorkerVictim, type Tally } from './victims.js';

const leaseMs = 3_000;
const chaosMs = 20_000;
const commandMs = 20_000;
/** The longest wait between two tries of a worker, jitter included. */
const longestBackoffMs = 7_500;

export interface Outcome extends Tally {
  seed: number;
  durationMs: number;
  duplicates: number;
  /** Answers 503 of S3. */
  slowDowns: number;
  /** Leases that were given again. */
  releases: number;
  staleFences: number;
  /** What is not as it must be, a sentence each. */
  faults: string[];
}

export async function chaosRun(seed: number, ground: Ground): Promise<Outcome> {
  const startedAt = performance.now();
  await using run = await ChaosRun.begin(seed, ground);
  const faults = await run.toItsEnd();
  return { ...run.outcome, faults, durationMs: performance.now() - startedAt };
}

class ChaosRun implements AsyncDisposable {
  private readonly tally: Tally = { kills: 0, stops: 0, cuts: 0 };
  private readonly workers: WorkerVictim[] = [];
  private staleFences = 0;
  private releases = 0;

  private constructor(
    private readonly seed: number,
    private readonly ground: Ground,
    private readonly sandbox: Sandbox,
    private readonly store: ChaosProxy,
    private readonly cluster: Cluster,
  ) {}

  static async begin(seed: number, ground: Ground): Promise<ChaosRun> {
    const sandbox = await Sandbox.open();
    const store = await ChaosProxy.before(ground.s3.url);
    store.decide = storeTrouble(new SeededChance(seed * 10));
    const cluster = await Cluster.start(sandbox, {
      ...ground.s3.environmentAt(store.url),
      LONGSHORE_LEASE_SECONDS: String(leaseMs / 1000),
    });
    return new ChaosRun(seed, ground, sandbox, store, cluster);
  }

  get outcome(): Omit<Outcome, 'faults' | 'durationMs'> {
    return {
      seed: this.seed,
      ...this.tally,
      duplicates: this.workers.reduce((sum, { proxy }) => sum + proxy.counts.doubled, 0),
      slowDowns: this.store.counts.refused,
      releases: this.releases,
      staleFences: this.staleFences,
    };
  }

  async toItsEnd(): Promise<string[]> {
    const prefix = `seed-${this.seed}/`;
    const job = await this.cluster.submit({
      plugin: 'rgo-segmentation',
      input: `s3://${inputBucket}/nuclei/`,
      output: `s3://${outputBucket}/${prefix}`,
      batching: { maxObjects: 5 },
      policy: { timeoutSeconds: commandMs / 1000, maxLosses: 1_000, retryDelaySeconds: 0.1 },
    });
    for (let number = 1; number <= 3; number += 1) await this.addWorker(number);
    const dead = await this.hurtEverybody(job.id);

    // From here on nothing goes wrong any more, and everything must come to its end by itself.
    const withinMs = leaseMs + longestBackoffMs + commandMs;
    try {
      const ended = await this.cluster.jobWhen(
        job.id,
        ({ state }) => state !== 'running' && state !== 'pending',
        withinMs,
      );
      if (ended.state !== 'completed') return [...dead, `the job ended ${JSON.stringify(ended)}`];
    } catch (thrown) {
      return [...dead, `the job has not ended in time: ${String(thrown)}`, ...this.said()];
    }
    const tasks = await tasksOf(this.cluster, job.id);
    this.releases = tasks.reduce((sum, { fence }) => sum + fence - 1, 0);
    const refused = (await Promise.all(this.workers.map((worker) => worker.dismiss()))).flat();
    return [
      ...dead,
      ...refused,
      ...(await misplacedImages(this.cluster, job.id, this.ground.names)),
      ...(await brokenBooks(this.cluster, job.id)),
      ...(await wrongOutputs(this.ground, prefix)),
      ...(await openUploads(this.ground.s3, 3 * leaseMs)),
      ...(await leftBehind(this.workerName(''), this.sandbox.path('work'))),
    ];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster[Symbol.asyncDispose]();
    await Promise.all(
      [this.store, ...this.workers.map(({ proxy }) => proxy)].map((proxy) => proxy[Symbol.asyncDispose]()),
    );
    await this.sandbox[Symbol.asyncDispose]();
  }

  private async addWorker(number: number): Promise<void> {
    const proxy = await ChaosProxy.before(this.cluster.url);
    proxy.decide = networkTrouble(new SeededChance(this.seed * 10 + number));
    proxy.onAnswer = (_, { body }) => {
      if (/"code":"stale-fence"|"order":"cancel"/.test(body.toString())) this.staleFences += 1;
    };
    this.workers.push(new WorkerVictim(this.cluster, this.workerName(number), proxy, {}, this.tally));
  }

  private workerName(number: number | ''): string {
    return `chaos-${process.pid}-${this.seed}-${number}`;
  }

  /** @returns who died without being killed */
  private async hurtEverybody(jobId: string): Promise<string[]> {
    const calm = new AbortController();
    const orchestrator = new OrchestratorVictim(this.cluster, this.tally);
    const torments = [orchestrator, ...this.workers].map(({ harms }, index) =>
      torment({ harms, chance: new SeededChance(this.seed * 10 + 5 + index), longestMs: 1.7 * leaseMs }, calm.signal),
    );
    const over = this.cluster.jobWhen(jobId, ({ state }) => state === 'completed', chaosMs).catch(() => undefined);
    await Promise.race([over, sleep(chaosMs)]);
    calm.abort();
    await Promise.all(torments);
    await over;
    this.store.calm();
    for (const { proxy } of this.workers) proxy.calm();
    return [orchestrator, ...this.workers].flatMap(({ lastWords }) => lastWords ?? []);
  }

  private said(): string[] {
    return [this.cluster.orchestrator, ...this.cluster.workers].map(({ output }) => output.slice(-4_000));
  }
}
