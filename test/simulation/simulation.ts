/** One job under accidents, in virtual time: the same seed has the same accidents. */
import { endedJobStates, manifestOutputs, nextJobState, type Job, type JobPlugin } from '@longshore/core';
import { aJobSpec, aPlugin, ManualClock, MemoryJobStore, SeededChance } from '@longshore/core/testing';
import { unasked } from '../../apps/orchestrator/src/requests/answers.js';
import { checkEnd } from './check-end.js';
import { FaultyObjects } from './faulty-objects.js';
import { Life, type Accidents } from './mortal.js';
import { SimulatedNetwork } from './network.js';
import { SimulatedOrchestrator } from './orchestrator.js';
import { SimulatedWorker, type ContainerRun } from './worker.js';

export interface Outcome {
  seed: number;
  /** What was found wrong; empty when all is well. */
  faults: string[];
  /** Everything that happened, in order; the same for the same seed. */
  trace: string[];
  job: Job;
}

const leaseSeconds = 6;
const workerNames = ['ann', 'bob', 'cem'];
/** Accidents happen this long, in virtual milliseconds; then everything must come to its end. */
const accidentsMs = 60_000;
/** Lease time, the longest delays and the longest command, with room for a worker-killing object to be found. */
const patienceMs = 1_200_000;

export async function simulate(seed: number): Promise<Outcome> {
  return new Simulation(seed).run();
}

class Simulation {
  private readonly chance: SeededChance;
  private readonly clock = new ManualClock();
  private readonly store = new MemoryJobStore();
  private readonly objects: FaultyObjects;
  private readonly network: SimulatedNetwork;
  private readonly plugin: JobPlugin = aPlugin();
  private readonly runs: (ContainerRun & { excused?: true })[] = [];
  private readonly workers = new Map<string, SimulatedWorker>();
  private readonly trace: string[] = [];
  private readonly broken: string[] = [];
  private quiet = false;

  constructor(private readonly seed: number) {
    this.chance = new SeededChance(seed);
    this.objects = new FaultyObjects(new SeededChance(seed + 1));
    this.network = new SimulatedNetwork(this.clock, this.chance);
    this.objects.createBucket('images');
    this.objects.createBucket('results');
  }

  async run(): Promise<Outcome> {
    const names = this.inputs();
    for (const name of names) this.objects.put('images', `in/${name}`, Buffer.from(name));
    const policy = { maxAttempts: 2, maxLosses: 10, timeoutSeconds: 90, ackTimeoutSeconds: 5, retryDelaySeconds: 1 };
    const maxObjects = 1 + Math.floor(this.chance.fraction() * 5);
    // Every third job is cut by time; the others have the same accidents as ever.
    const byTime = this.seed % 3 === 0 ? { targetSeconds: 20, minObjects: 1 } : {};
    const spec = aJobSpec({ batching: { maxObjects, ...byTime } });
    const job = { id: 'job', spec: { ...spec, policy: { ...spec.policy, ...policy } }, createdAt: this.clock.now() };
    await this.store.createJob(job);
    this.startOrchestrator();
    for (const name of workerNames) this.startWorker(name);

    await this.letAccidentsHappen();
    await this.comeToRest();
    const found = await checkEnd({ ...this.parts(), names, runs: this.runs });
    const faults = [...this.broken, ...found];
    return { seed: this.seed, faults, trace: this.trace, job: (await this.store.findJob('job'))! };
  }

  private parts() {
    const { store, objects, plugin } = this;
    return { store, objects, plugin };
  }

  private inputs(): string[] {
    const count = 6 + Math.floor(this.chance.fraction() * 10);
    return Array.from({ length: count }, (_, index) => {
      const kind = this.chance.fraction();
      if (kind < 0.05) return `${index}-poison`;
      return kind < 0.06 ? `${index}-killer` : `${index}-good`;
    });
  }

  private async letAccidentsHappen(): Promise<void> {
    this.network.trouble = this.chance.fraction() * 0.15;
    this.objects.trouble = this.chance.fraction() * 0.1;
    const until = this.clock.now() + accidentsMs;
    while (this.clock.now() < until && !(await this.isOver())) {
      await this.pass(this.chance.fraction() * 5_000);
      this.accident();
    }
  }

  private async comeToRest(): Promise<void> {
    this.quiet = true;
    this.network.trouble = 0;
    this.network.cut.clear();
    this.objects.trouble = 0;
    for (const { life } of this.workers.values()) life.resume();
    if (this.network.orchestrator?.life.dead !== false) this.startOrchestrator();
    const until = this.clock.now() + patienceMs;
    do {
      while (this.clock.now() < until && !(await this.isOver())) await this.pass(2_000);
      // What dead workers left is cleared, late workers learn that they are late, and a person may have redriven at the last moment.
      await this.pass(30_000);
    } while (this.clock.now() < until && !(await this.isOver()));
  }

  /** Time passes; whoever died of an object is replaced, as a supervisor does, and a paused job is run on, as a person does. */
  private async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    for (const [name, { life }] of this.workers) if (life.dead) this.restartWorker(name);
    if (this.quiet && this.network.orchestrator?.life.dead !== false) this.startOrchestrator();
    const job = await this.store.findJob('job');
    if (job?.state !== 'paused') return;
    await this.store.changeJob('job', (found) => ({ job: { ...found, state: nextJobState(found.state, 'resume') } }));
  }

  private accident(): void {
    const kind = this.chance.fraction();
    const name = workerNames[Math.floor(this.chance.fraction() * workerNames.length)] ?? 'ann';
    if (kind < 0.2) this.restartWorker(name);
    else if (kind < 0.4) this.standStill(name);
    else if (kind < 0.6) void this.cutOff(name);
    else if (kind < 0.75) void this.restartOrchestrator();
    else if (kind < 0.8) void this.redrive();
    else if (kind < 0.85) void this.loseStaged();
    else if (kind < 0.86) void this.cancel();
  }

  private restartWorker(name: string): void {
    this.note(`${name} is killed`);
    this.excuse(name);
    this.workers.get(name)?.life.end();
    this.startWorker(name);
  }

  private standStill(name: string): void {
    const forMs = this.chance.fraction() * 3 * leaseSeconds * 1000;
    this.note(`${name} stands still for ${Math.round(forMs)}`);
    this.excuse(name);
    const life = this.workers.get(name)?.life;
    life?.pause();
    void this.clock.sleep(forMs).then(() => life?.resume());
  }

  private async cutOff(name: string): Promise<void> {
    const forMs = this.chance.fraction() * 3 * leaseSeconds * 1000;
    this.note(`${name} is cut off for ${Math.round(forMs)}`);
    this.network.cut.add(name);
    await this.clock.sleep(forMs);
    this.network.cut.delete(name);
  }

  private async restartOrchestrator(): Promise<void> {
    const forMs = this.chance.fraction() * 2 * leaseSeconds * 1000;
    this.note(`the orchestrator is killed for ${Math.round(forMs)}`);
    const { orchestrator } = this.network;
    orchestrator?.life.end();
    await this.clock.sleep(forMs);
    if (this.network.orchestrator === orchestrator) this.startOrchestrator();
  }

  private async redrive(): Promise<void> {
    this.note('a person redrives');
    await this.network.orchestrator?.steering.redrive('job', {}, unasked).catch(() => undefined);
  }

  /** Storage has cleared what was staged and not yet published, as rules of a bucket may. */
  private async loseStaged(): Promise<void> {
    const { items } = await this.store.listTasks('job', { limit: 500, states: ['accepted'] });
    const [output] = items.flatMap(({ manifest }) => (manifest ? manifestOutputs(manifest) : []));
    if (!output) return;
    this.note(`the staged output ${output.name} is lost`);
    await this.objects.abandon({ bucket: 'results', prefix: 'out/' }, output).catch(() => undefined);
  }

  private async cancel(): Promise<void> {
    this.note('a person cancels');
    await this.network.orchestrator?.steering.cancel('job', unasked).catch(() => undefined);
  }

  private startOrchestrator(): void {
    this.note('an orchestrator starts');
    const life = new Life();
    const { chance, clock, plugin, store, objects } = this;
    this.network.orchestrator = new SimulatedOrchestrator(
      life,
      { store, objects, clock, chance, plugin, leaseSeconds },
      this.accidentsOf(life),
      (thrown) => this.broken.push(`the orchestrator broke: ${String(thrown)}`),
    );
  }

  /** Now and then the orchestrator dies just before or just after something was stored. */
  private accidentsOf(life: Life): Accidents {
    const perhaps = () => {
      if (this.quiet || this.chance.fraction() > 0.001) return;
      this.note('the orchestrator dies at a commit');
      life.end();
      void this.clock.sleep(2_000).then(() => {
        if (this.network.orchestrator?.life === life) this.startOrchestrator();
      });
    };
    return { before: perhaps, after: perhaps };
  }

  private startWorker(name: string): void {
    const { network, objects, clock, chance, runs } = this;
    // Some of each kind in every job, and each of them in both ways over all.
    const byTurns = (this.seed + workerNames.indexOf(name)) % 2 === 0;
    this.workers.set(name, new SimulatedWorker(name, new Life(), { network, objects, clock, chance, runs, byTurns }));
  }

  /** A worker that stands still or is dead cannot stop its containers. */
  private excuse(name: string): void {
    for (const run of this.runs) if (run.worker === name && run.to === Infinity) run.excused = true;
  }

  private async isOver(): Promise<boolean> {
    const job = await this.store.findJob('job');
    return job !== undefined && endedJobStates.includes(job.state);
  }

  private note(what: string): void {
    this.trace.push(`${this.clock.now()} ${what}`);
  }
}
