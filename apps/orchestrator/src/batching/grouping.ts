/** How the objects of a job are grouped: as the plugin says, as the job lists it, or not at all. */
import {
  declaredGroup,
  groupDigest,
  GroupFinder,
  pluginObject,
  relativeKey,
  variablesOf,
  type Failure,
  type Job,
  type JobGroup,
  type JobPlugin,
  type JobStore,
  type LongshoreError,
  type NewTask,
  type ObjectRef,
} from '@longshore/core';

type GroupStore = Pick<JobStore, 'groupsOf' | 'listTasks'>;

/** What is known of a job that lists its groups while its input is listed. */
export class ListedGroups {
  private readonly finder: GroupFinder;
  /** A group is set aside as a whole where one of its objects is refused. */
  private readonly refusals = new Map<number, Failure>();

  private constructor(
    private readonly job: Job,
    private readonly groups: readonly JobGroup[],
    private readonly stored: ReadonlySet<number>,
  ) {
    this.finder = new GroupFinder(groups);
  }

  static async of(job: Job, store: GroupStore): Promise<ListedGroups | undefined> {
    if (!job.spec.groups) return undefined;
    return new ListedGroups(job, await store.groupsOf(job.id), await storedGroups(job, store));
  }

  /** True for an object of a group whose task was stored before the listing was broken off. */
  isStored(object: ObjectRef): boolean {
    return this.stored.has(this.numberOf(object) ?? 0);
  }

  /** The number of the group of an object; undefined for an object of none. */
  numberOf(object: ObjectRef): number | undefined {
    return this.finder.find(relativeKey(this.job.spec.input, object.key));
  }

  refuse(object: ObjectRef, why: Failure): void {
    const number = this.numberOf(object) ?? 0;
    if (!this.refusals.has(number)) this.refusals.set(number, why);
  }

  /** What makes a batch of its objects the task of their group. */
  taskOf(objects: readonly ObjectRef[]): Pick<NewTask, 'group' | 'refusal'> {
    const number = objects[0] ? this.numberOf(objects[0]) : undefined;
    const variables = this.groups[(number ?? 0) - 1]?.variables;
    if (number === undefined || !variables) return {};
    const refusal = this.refusals.get(number);
    return { group: { number, variables }, ...(refusal && { refusal }) };
  }

  digest(number: string, members: readonly ObjectRef[]): string {
    const group = this.groups[Number(number) - 1];
    return groupDigest(members, variablesOf(this.job.spec.groups?.variables, group));
  }

  /** Why the groups cannot be run; to be asked once the whole input was listed. */
  get misfit(): LongshoreError | undefined {
    return this.finder.misfit;
  }
}

async function storedGroups(job: Job, store: GroupStore): Promise<Set<number>> {
  const found = new Set<number>();
  let after: string | undefined;
  do {
    const page = await store.listTasks(job.id, { limit: 500, ...(after !== undefined && { after }) });
    for (const { group } of page.items) if (group) found.add(group.number);
    after = page.next;
  } while (after !== undefined);
  return found;
}

export interface Grouping {
  /** The group of an object. */
  of: (object: ObjectRef) => string;
  /** Changes with whatever may change the results of a group. */
  digest: (group: string, members: readonly ObjectRef[]) => string;
}

/** Undefined where every object stands for itself. */
export function groupingOf(job: Job, plugin: JobPlugin, listed: ListedGroups | undefined): Grouping | undefined {
  if (listed) {
    return {
      of: (object) => String(listed.numberOf(object)),
      digest: (number, members) => listed.digest(number, members),
    };
  }
  if (!plugin.layout.groupBy) return undefined;
  return {
    of: (object) => declaredGroup(plugin, pluginObject(job.spec.input, object)) ?? '',
    digest: (_, members) => groupDigest(members),
  };
}
