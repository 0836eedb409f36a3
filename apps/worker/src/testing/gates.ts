/** Places of a pipeline that work comes to and does not leave before a test lets it go on. */
import { MemoryObjectStore, type ScriptedProgram } from '@longshore/core/testing';
import { LongshoreError, type Location, type ObjectRef, type StagedOutput, type StageRequest } from '@longshore/core';
import { AgentBench, type BenchOptions } from './agent-bench.js';
import { anAssignment } from './assignments.js';

export class Gates {
  /** What has come so far, such as `run a`, in order. */
  readonly reached: string[] = [];
  private readonly gates = new Map<string, PromiseWithResolvers<void>>();
  private readonly free = new Set<string>();

  async pass(name: string, signal?: AbortSignal): Promise<void> {
    this.reached.push(name);
    const [place = ''] = name.split(' ');
    if (this.free.has(place)) return;
    const left = Promise.withResolvers<void>();
    signal?.addEventListener('abort', () => left.resolve());
    await Promise.race([this.gate(name).promise, left.promise]);
    signal?.throwIfAborted();
  }

  /** Lets these on, whether they have come or not. */
  open(...names: string[]): void {
    for (const name of names) this.gate(name).resolve();
  }

  /** Nobody stops there any more. */
  openAll(...places: string[]): void {
    for (const place of places) this.free.add(place);
    for (const [name, gate] of this.gates) if (places.includes(name.split(' ')[0] ?? '')) gate.resolve();
  }

  private gate(name: string): PromiseWithResolvers<void> {
    const gate = this.gates.get(name) ?? Promise.withResolvers<void>();
    this.gates.set(name, gate);
    return gate;
  }
}

/** Objects and outputs stop at `fetch <name>`, `stage <name>` and `publish <name>`. */
class GatedStore extends MemoryObjectStore {
  constructor(private readonly gates: Gates) {
    super();
  }

  override async *read(location: Location, object: ObjectRef, signal?: AbortSignal): AsyncIterable<Uint8Array> {
    await this.gates.pass(`fetch ${object.key.slice(location.prefix.length)}`, signal);
    yield* super.read(location, object, signal);
  }

  override async stage(request: StageRequest): Promise<StagedOutput> {
    await this.gates.pass(`stage ${request.name.replace('.out', '')}`, request.signal);
    return super.stage(request);
  }

  override async publish(location: Location, staged: StagedOutput): Promise<void> {
    await this.gates.pass(`publish ${staged.name.replace('.out', '')}`);
    return super.publish(location, staged);
  }
}

/** A worker whose tasks are each one object, and stop at every gate; commands stop at `run <name>`. */
export async function gatedWorker(options: BenchOptions = {}) {
  const gates = new Gates();
  const program: ScriptedProgram = async (call) => {
    const [word, ...names] = call.argv;
    if (word !== 'program') return { exitCode: 127 };
    await gates.pass(`run ${names.join(' ')}`, call.signal);
    if (options.program) return options.program(call);
    for (const name of names) await call.write(`/outputs/${name}.out`, await call.read(`/inputs/${name}`));
    return { exitCode: 0 };
  };
  const bench = await AgentBench.open({ ...options, objects: new GatedStore(gates), program });
  const give = (...names: string[]) => {
    for (const name of names) {
      const changes = { assignment_id: `${name}.1`, task_id: name };
      bench.client.give(anAssignment(bench.objects, { [name]: `content of ${name}` }, changes));
    }
  };
  const until = (...names: string[]) => bench.until(() => names.every((name) => gates.reached.includes(name)));
  /** What each task was said to be, as `completed a`, but for those that wait. */
  const told = () =>
    bench.client.reports
      .filter(({ status }) => status !== 'waiting')
      .map(({ status, assignment_id = '' }) => `${status} ${assignment_id.replace('.1', '')}`.trim());
  return { bench, gates, give, until, told };
}

export const stale = new LongshoreError('stale-fence', 'Somebody else has it.');
