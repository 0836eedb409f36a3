/** One listing of one job, page by page into stored tasks; taken up again where the last stored step ended. */
import {
  createBatcher,
  createConflictTest,
  createSelection,
  declaredGroup,
  pluginObject,
  relativeKey,
  sumOver,
  type Batch,
  type Batcher,
  type Chance,
  type Clock,
  type Job,
  type JobPlugin,
  type JobStore,
  type NewTask,
  type ObjectRef,
  type ObjectStore,
} from '@longshore/core';
import { claimOf, createSorter } from './listing-step.js';
import { OutputOwnership } from './output-ownership.js';

export interface ScanTools {
  store: JobStore;
  objects: ObjectStore;
  clock: Clock;
  chance: Chance;
  /** Called after each step that stored tasks. */
  onTasks: () => void;
}

/** Lists the input of a job to its end. */
export async function scanJob(job: Job, plugin: JobPlugin, tools: ScanTools, signal: AbortSignal): Promise<void> {
  await new Scan(job, plugin, tools).run(signal);
}

class Scan {
  private readonly batcher: Batcher;
  private readonly ready: NewTask[] = [];
  private refused: NewTask[] = [];
  /** Ordinal of the next object in the whole listing. */
  private position: number;
  private storedObjects: number;

  constructor(
    private readonly job: Job,
    private readonly plugin: JobPlugin,
    private readonly tools: ScanTools,
  ) {
    this.batcher = createBatcher(batcherOptions(job, plugin));
    this.position = job.scannedTo === undefined ? 0 : job.objectsListed;
    this.storedObjects = sumOver(job.counts.objects, [
      'available',
      'leased',
      'accepted',
      'completed',
      'dead',
      'cancelled',
    ]);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { objects, store } = this.tools;
    const { include, exclude, input } = this.job.spec;
    const sort = createSorter(this.job, this.plugin, createSelection({ include, exclude }));
    const ownership = await OutputOwnership.open(this.job, this.plugin, store, objects);
    const after = this.job.scannedTo;

    for await (const page of objects.list(input, { signal, ...(after !== undefined && { after }) })) {
      const sorted = page.map((found) => ({ found, ...sort(found) }));
      const collisions = await ownership.refusals(sorted.flatMap(claimOf), signal);
      for (const entry of sorted) {
        const why = collisions.get(entry.found.key) ?? ('failure' in entry ? entry.failure : undefined);
        if (why) this.refused.push({ ...this.cut({ position: this.position, objects: [entry.found] }), refusal: why });
        else if (entry.kind === 'taken') this.add(entry.found);
        this.position += 1;
      }
      await this.storeStep(false);
    }
    this.ready.push(...this.batcher.flush().map((batch) => this.cut(batch)));
    await this.storeStep(true);
  }

  private add(object: ObjectRef): void {
    this.ready.push(...this.batcher.add(object, this.position).map((batch) => this.cut(batch)));
  }

  private cut(batch: Batch): NewTask {
    return { id: this.tools.chance.id(), ...batch };
  }

  /** A step ends where nothing before it is still in an open batch, so that a listing taken up there loses and doubles nothing. */
  private async storeStep(done: boolean): Promise<void> {
    const { store, clock, onTasks } = this.tools;
    const settled = this.batcher.settled;
    const reached = done ? this.position : (settled?.position ?? -1) + 1;
    const refused = this.refused.filter((task) => task.position < reached);
    const tasks = [...this.ready.splice(0), ...refused].sort((one, other) => one.position - other.position);
    if (tasks.length === 0 && !done) return;
    this.refused = this.refused.filter((task) => task.position >= reached);
    this.storedObjects += tasks.reduce((sum, task) => sum + task.objects.length, 0);
    await store.recordScan(
      this.job.id,
      {
        tasks,
        done,
        objectsListed: reached,
        objectsSkipped: reached - this.storedObjects,
        ...(settled && { scannedTo: settled.key }),
      },
      clock.now(),
    );
    onTasks();
  }
}

function batcherOptions(job: Job, plugin: JobPlugin): Parameters<typeof createBatcher>[0] {
  const { input, batching } = job.spec;
  return {
    rule: batching,
    conflicts: createConflictTest((object) => relativeKey(input, object.key)),
    ...(plugin.layout.groupBy && {
      groupOf: (object: ObjectRef) => declaredGroup(plugin, pluginObject(input, object)) ?? '',
    }),
  };
}
