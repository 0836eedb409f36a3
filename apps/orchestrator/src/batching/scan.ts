/** One listing of one job, page by page into stored tasks; taken up again where the last stored step ended. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  createBatcher,
  createConflictTest,
  createSelection,
  eachGroupAlone,
  relativeKey,
  sumOver,
  type Batch,
  type Batcher,
  type Chance,
  type Clock,
  type Job,
  type JobPlugin,
  type JobStore,
  type LongshoreError,
  type NewTask,
  type ObjectRef,
  type ObjectStore,
  type Standing,
} from '@longshore/core';
import { openDoneBefore, type Candidate, type DoneBefore, type DoneBeforeTools } from '../skipping/done-before.js';
import { groupingOf, ListedGroups, type Grouping } from './grouping.js';
import { judgeAlone, judgeGroups } from './group-standing.js';
import { claimOf, createSorter, type Sorted } from './listing-step.js';
import { OutputOwnership } from './output-ownership.js';
import { SettledWork, type Placed } from './settled-work.js';

export interface ScanTools extends DoneBeforeTools {
  /** Where steps are stored; a plan stores nothing and counts. */
  store: Pick<JobStore, 'hasClaims' | 'listTasks' | 'claimOutputs' | 'recordScan' | 'groupsOf'>;
  objects: ObjectStore;
  clock: Clock;
  chance: Chance;
  /** Called after each step that stored tasks. */
  onTasks: () => void;
  /** Told of each object and what becomes of it. */
  onFate?: (object: ObjectRef, fate: Fate) => void;
  /** Told why the groups of the job cannot be run, by which the listing ends otherwise. */
  onUnfit?: (why: LongshoreError) => void;
}

/** What a job makes of an object of its listing. */
export type Fate = Exclude<Sorted, { kind: 'taken' | 'archived' }> | { kind: 'taken'; standing: Standing };

/** Lists the input of a job to its end. */
export async function scanJob(job: Job, plugin: JobPlugin, tools: ScanTools, signal: AbortSignal): Promise<void> {
  await using before = await openDoneBefore(job, tools, signal);
  const groups = await ListedGroups.of(job, tools.store);
  await new Scan(job, plugin, tools, before, groups).run(signal);
}

/** So many objects that are done may wait for an open batch; then it is closed as it is. */
const waitingAtMost = 5_000;

/** No more tasks are stored at once where it can be helped: everybody else waits meanwhile. */
const tasksInSlice = 1_000;

/** Steps follow one another no closer than that, but for so many pages. */
const stepMs = 40;
const pagesInStep = 4;

class Scan {
  private readonly batcher: Batcher;
  private readonly grouping: Grouping | undefined;
  private readonly ready: NewTask[] = [];
  private refused: NewTask[] = [];
  private readonly done: SettledWork;
  /** Objects of a plugin that works on groups: which of them are done is known at the end of the listing. */
  private grouped: (Placed & { standing: Standing; isRefused?: true })[] = [];
  /** Ordinal of the next object in the whole listing. */
  private position: number;
  private lastKey: string | undefined;
  private storedObjects: number;
  private storedAt = -Infinity;
  private pagesWaiting = 0;

  constructor(
    private readonly job: Job,
    private readonly plugin: JobPlugin,
    private readonly tools: ScanTools,
    private readonly before: DoneBefore,
    private readonly groups: ListedGroups | undefined,
  ) {
    this.grouping = groupingOf(job, plugin, groups);
    this.batcher = createBatcher(batcherOptions(job, this.grouping, groups));
    this.done = new SettledWork(job.objectsDoneBefore ?? 0, () => tools.chance.id());
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
    const sort = createSorter(this.job, this.plugin, createSelection({ include, exclude }), this.groups);
    const ownership = await OutputOwnership.open(this.job, this.plugin, store, objects, this.groups);
    const after = this.job.scannedTo;

    for await (const page of objects.list(input, { signal, ...(after !== undefined && { after }) })) {
      const sorted = page.map((found) => ({ found, entry: sort(found) }));
      const collisions = await ownership.refusals(
        sorted.flatMap(({ entry }) => claimOf(entry)),
        signal,
      );
      const free: Candidate[] = [];
      for (const { found, entry } of sorted) {
        if ('outputs' in entry && !collisions.has(found.key)) free.push({ object: found, outputs: entry.outputs });
      }
      const standings = await this.before.judge(free, signal);
      let judged = 0;
      for (const { found, entry } of sorted) {
        const standing = free[judged]?.object === found ? standings[judged++] : undefined;
        const why = collisions.get(found.key) ?? refusalOf(entry, standing);
        if (why) this.refuse(found, why);
        else if (standing) this.place({ object: found, position: this.position }, standing);
        else if (entry.kind === 'skipped') this.tools.onFate?.(found, entry);
        this.position += 1;
        this.lastKey = found.key;
      }
      await this.storeIfDue();
    }
    this.refuseUnfitGroups();
    this.placeGroups();
    this.ready.push(...this.batcher.flush().map((batch) => this.cut(batch)));
    if (this.groups) await this.storeSlices();
    await this.storeStep(true);
  }

  private refuse(object: ObjectRef, why: NonNullable<NewTask['refusal']>): void {
    this.tools.onFate?.(object, { kind: 'refused', failure: why });
    if (!this.groups) {
      this.refused.push({ ...this.cut({ position: this.position, objects: [object] }), refusal: why });
      return;
    }
    if (this.groups.isStored(object)) return;
    this.groups.refuse(object, why);
    const standing: Standing = { state: 'wanted', why: { code: 'group-changed' } };
    this.grouped.push({ object, position: this.position, standing, isRefused: true });
  }

  private refuseUnfitGroups(): void {
    const why = this.groups?.misfit;
    if (!why) return;
    if (!this.tools.onUnfit) throw why;
    this.tools.onUnfit(why);
  }

  private place(placed: Placed, standing: Standing): void {
    if (this.groups?.isStored(placed.object)) return;
    if (this.grouping) this.grouped.push({ ...placed, standing });
    else this.settle(placed, judgeAlone(standing));
  }

  private placeGroups(): void {
    if (!this.grouping) return;
    for (const { standing, isRefused, ...placed } of judgeGroups(this.grouped, this.grouping)) {
      if (isRefused)
        this.ready.push(...this.batcher.add(placed.object, placed.position).map((batch) => this.cut(batch)));
      else this.settle(placed, standing);
    }
    this.grouped = [];
  }

  private settle({ object, position }: Placed, standing: Standing): void {
    this.tools.onFate?.(object, { kind: 'taken', standing });
    if (standing.state === 'wanted') {
      this.ready.push(...this.batcher.add(object, position).map((batch) => this.cut(batch)));
      return;
    }
    this.done.add({ object, position }, standing);
    if (this.done.waiting >= waitingAtMost && !this.grouping) {
      this.ready.push(...this.batcher.flush().map((batch) => this.cut(batch)));
    }
  }

  private cut(batch: Batch): NewTask {
    return { id: this.tools.chance.id(), ...batch, ...this.groups?.taskOf(batch.objects) };
  }

  /**
   * A hundred thousand groups in one step would hold up every worker for ten seconds. A listing that is broken off here begins again, and knows by
   * their numbers which groups are stored.
   */
  private async storeSlices(): Promise<void> {
    const { store, clock, onTasks } = this.tools;
    while (this.ready.length > tasksInSlice) {
      const tasks = this.ready.splice(0, tasksInSlice);
      this.storedObjects += tasks.reduce((sum, task) => sum + task.objects.length, 0);
      const step = {
        tasks,
        done: false,
        objectsListed: this.position,
        objectsSkipped: this.position - this.storedObjects,
      };
      await store.recordScan(this.job.id, step, clock.now());
      onTasks();
    }
  }

  /** Workers have the first page at once; then pages that come quickly share a step, and with it the sync of the disk. */
  private async storeIfDue(): Promise<void> {
    this.pagesWaiting += 1;
    const isEarly = this.tools.clock.now() - this.storedAt < stepMs && this.pagesWaiting < pagesInStep;
    const isSmall = this.ready.length < tasksInSlice && this.done.waiting < waitingAtMost;
    if (isEarly && isSmall) return nextTurn();
    this.pagesWaiting = 0;
    await this.storeStep(false);
    this.storedAt = this.tools.clock.now();
  }

  /** A step ends where nothing before it is still in an open batch, so that a listing taken up there loses and doubles nothing. */
  private async storeStep(done: boolean): Promise<void> {
    const { store, clock, onTasks } = this.tools;
    const isAllSettled = done || (!this.batcher.holds && this.grouped.length === 0);
    const reached = isAllSettled ? this.position : (this.batcher.settled?.position ?? -1) + 1;
    const scannedTo = isAllSettled ? this.lastKey : this.batcher.settled?.key;
    const refused = this.refused.filter((task) => task.position < reached);
    const { tasks: carried, found } = this.done.takeBefore(reached);
    const tasks = [...this.ready.splice(0), ...refused, ...carried].sort((one, other) => one.position - other.position);
    if (tasks.length === 0 && found === 0 && !done) return;
    this.refused = this.refused.filter((task) => task.position >= reached);
    this.storedObjects += tasks.reduce((sum, task) => sum + task.objects.length, 0);
    await store.recordScan(
      this.job.id,
      {
        tasks,
        done,
        objectsListed: reached,
        objectsSkipped: reached - this.storedObjects,
        ...(this.done.count > 0 && { objectsDoneBefore: this.done.count }),
        ...(scannedTo !== undefined && { scannedTo }),
      },
      clock.now(),
    );
    onTasks();
  }
}

/** An object in an archive is refused only where somebody would have to read it. */
function refusalOf(entry: Sorted, standing: Standing | undefined): NewTask['refusal'] {
  if (entry.kind === 'refused') return entry.failure;
  return entry.kind === 'archived' && standing?.state === 'wanted' ? entry.failure : undefined;
}

function batcherOptions(
  { spec: { input, batching } }: Job,
  grouping: Grouping | undefined,
  listed: ListedGroups | undefined,
): Parameters<typeof createBatcher>[0] {
  return {
    rule: listed ? eachGroupAlone : batching,
    conflicts: createConflictTest((object) => relativeKey(input, object.key)),
    ...(grouping && { groupOf: grouping.of }),
  };
}
