/** Counts what a listing would store, in the place of the store: a plan is a listing that leaves nothing. */
import {
  cutTasks,
  isCutByTime,
  newTaskRecord,
  taskBytes,
  type Job,
  type JobGroup,
  type JobStore,
  type NewTask,
  type OutputClaim,
  type Page,
  type ScanStep,
  type Task,
} from '@longshore/core';
import type { PlanAnswer, PlannedTask } from '@longshore/core/protocol';

/** As many tasks as are told one by one, and as many names as are told of each. */
const firstShown = 3;
const namesShown = 20;

type ScanStore = Pick<JobStore, 'hasClaims' | 'listTasks' | 'claimOutputs' | 'recordScan' | 'groupsOf'>;

export class PlanTally implements ScanStore {
  readonly run: PlanAnswer['run'];
  readonly firstTasks: PlannedTask[] = [];
  private last: NewTask | undefined;
  refused = 0;
  skipped = 0;
  doneBefore = 0;
  private readonly owners = new Map<string, string>();

  constructor(
    private readonly job: Job,
    private readonly groups: readonly JobGroup[] = [],
  ) {
    this.run = { objects: 0, ...(!isCutByTime(job.spec) && { tasks: 0 }), bytes: 0 };
  }

  get lastTask(): PlannedTask | undefined {
    return this.last && plannedTask(this.last);
  }

  async groupsOf(): Promise<JobGroup[]> {
    return [...this.groups];
  }

  async hasClaims(): Promise<boolean> {
    return false;
  }

  async listTasks(): Promise<Page<Task>> {
    return { items: [] };
  }

  async claimOutputs(_: string, claims: readonly OutputClaim[]): Promise<(OutputClaim & { owner: string })[]> {
    return claims.flatMap((claim) => {
      const owner = this.owners.get(claim.name) ?? claim.objectKey;
      this.owners.set(claim.name, owner);
      return owner === claim.objectKey ? [] : [{ ...claim, owner }];
    });
  }

  async recordScan(_: string, step: ScanStep): Promise<Job> {
    for (const task of step.tasks) {
      if (task.carried) continue;
      if (task.refusal) this.refused += task.objects.length;
      else {
        this.run.objects += task.objects.length;
        this.run.bytes += taskBytes(task);
        if (task.uncut) this.showFirstOf(task);
        else this.show(task);
      }
    }
    this.doneBefore = step.objectsDoneBefore ?? 0;
    this.skipped = step.objectsSkipped - (this.job.spec.skip?.by === 'outputs' ? this.doneBefore : 0);
    return this.job;
  }

  private show(task: NewTask): void {
    this.run.tasks = (this.run.tasks ?? 0) + 1;
    this.last = task;
    if (this.firstTasks.length < firstShown) this.firstTasks.push(plannedTask(task));
  }

  /** Where tasks are cut as they are asked for, the first ones are known: nothing was measured yet. */
  private showFirstOf(piece: NewTask): void {
    const wanted = firstShown - this.firstTasks.length;
    if (wanted <= 0) return;
    const task = newTaskRecord(this.job, piece, this.job.createdAt);
    const waiting = { byPosition: () => [task], largest: () => undefined };
    this.firstTasks.push(...cutTasks(this.job, waiting, wanted).tasks.map(plannedTask));
  }
}

function plannedTask(task: Pick<NewTask, 'position' | 'objects' | 'group'>): PlannedTask {
  const { position, objects, group } = task;
  const names = objects.slice(0, namesShown).map(({ key }) => key);
  const theRest = { last_file_name: objects.at(-1)?.key ?? '', ...(group && { group: group.number }) };
  return { position, object_count: objects.length, size_bytes: taskBytes(task), file_names: names, ...theRest };
}
