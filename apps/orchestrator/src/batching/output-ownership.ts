/** Makes sure that no two objects of a job write the same output. */
import {
  createSelection,
  declaredOutputs,
  OutputEndings,
  pluginObject,
  taskStates,
  type Failure,
  type Job,
  type JobPlugin,
  type JobStore,
  type ObjectStore,
  type OutputClaim,
} from '@longshore/core';
import type { ListedGroups } from './grouping.js';
import { claimOf, collision, createSorter } from './listing-step.js';

type ClaimStore = Pick<JobStore, 'hasClaims' | 'listTasks' | 'claimOutputs'>;

export interface TakenObject {
  key: string;
  relativeKey: string;
  outputs: string[];
}

/**
 * Costs nothing while the names themselves prove that outputs cannot collide. At the first object whose outputs do not, the owners of all
 * outputs so far are recorded by listing them once more, and from there on every output is claimed in the store.
 */
export class OutputOwnership {
  private endings: OutputEndings | undefined;
  private claiming = false;

  private constructor(
    private readonly job: Job,
    private readonly plugin: JobPlugin,
    private readonly store: ClaimStore,
    private readonly objects: ObjectStore,
    private readonly groups: ListedGroups | undefined,
  ) {}

  static async open(
    job: Job,
    plugin: JobPlugin,
    store: ClaimStore,
    objects: ObjectStore,
    groups?: ListedGroups,
  ): Promise<OutputOwnership> {
    const ownership = new OutputOwnership(job, plugin, store, objects, groups);
    ownership.claiming = await store.hasClaims(job.id);
    if (!ownership.claiming) await ownership.learnFromStoredTasks();
    return ownership;
  }

  /** The objects of a page that must not run, by key, each with both owners named. */
  async refusals(taken: readonly TakenObject[], signal: AbortSignal): Promise<Map<string, Failure>> {
    if (!this.claiming && !this.proven(taken)) {
      await this.claimFromTheStart(taken[0]?.key, signal);
      this.claiming = true;
    }
    return this.claiming ? this.claim(taken) : new Map();
  }

  private proven(taken: readonly TakenObject[]): boolean {
    for (const { relativeKey, outputs } of taken) {
      this.endings ??= OutputEndings.of(relativeKey, outputs);
      if (!this.endings?.cover(relativeKey, outputs)) return false;
    }
    return true;
  }

  private async learnFromStoredTasks(): Promise<void> {
    // A dead task may be an object that was refused, of which no hook has to know anything.
    const states = taskStates.filter((state) => state !== 'dead');
    const { items } = await this.store.listTasks(this.job.id, { limit: 1, states });
    const first = items[0]?.objects[0];
    if (!first) return;
    const object = pluginObject(this.job.spec.input, first);
    this.endings = OutputEndings.of(object.relativeKey, declaredOutputs(this.plugin, object));
  }

  private async claimFromTheStart(until: string | undefined, signal: AbortSignal): Promise<void> {
    const { include, exclude, input } = this.job.spec;
    const sort = createSorter(this.job, this.plugin, createSelection({ include, exclude }), this.groups);
    for await (const page of this.objects.list(input, { signal })) {
      const taken: TakenObject[] = [];
      for (const found of page) {
        if (found.key === until) {
          await this.claim(taken);
          return;
        }
        taken.push(...claimOf(sort(found)));
      }
      await this.claim(taken);
    }
  }

  private async claim(taken: readonly TakenObject[]): Promise<Map<string, Failure>> {
    const claims: OutputClaim[] = taken.flatMap(({ key, outputs }) =>
      outputs.map((name) => ({ name, objectKey: key })),
    );
    const lost = await this.store.claimOutputs(this.job.id, claims);
    return new Map(lost.map(({ objectKey, name, owner }) => [objectKey, collision(objectKey, name, owner)]));
  }
}
