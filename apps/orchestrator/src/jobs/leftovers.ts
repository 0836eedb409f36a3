/** Clears what killed workers staged for a job that is over. */
import { Injectable } from '@nestjs/common';
import {
  declaredOutputs,
  isWithin,
  JobStore,
  ObjectStore,
  pluginObject,
  type Job,
  type JobPlugin,
  type Task,
} from '@longshore/core';

@Injectable()
export class Leftovers {
  constructor(
    private readonly store: JobStore,
    private readonly objects: ObjectStore,
  ) {}

  /** Only attempts that ended badly can have left anything, so a job without trouble costs no request. */
  async clear(job: Job, plugin: JobPlugin): Promise<void> {
    if (await this.isShared(job)) return;
    let after: string | undefined;
    do {
      const page = await this.store.listTasks(job.id, { limit: 50, ...(after !== undefined && { after }) });
      const names = page.items.filter(hadTrouble).flatMap((task) => outputsOf(task, job, plugin));
      if (names.length > 0) await this.objects.sweep(job.spec.output, names);
      after = page.next;
    } while (after !== undefined);
  }

  /** What another job stages in the same place has the same names, and is no leftover. */
  private async isShared({ id, spec }: Job): Promise<boolean> {
    const open = await this.store.jobsIn(['pending', 'running', 'paused']);
    return open.some(
      (other) =>
        other.id !== id && (isWithin(other.spec.output, spec.output) || isWithin(spec.output, other.spec.output)),
    );
  }
}

function hadTrouble(task: Task): boolean {
  return task.fence > 1 || (task.fence > 0 && task.state !== 'completed');
}

function outputsOf(task: Task, job: Job, plugin: JobPlugin): string[] {
  return task.objects.flatMap((object) => declaredOutputs(plugin, pluginObject(job.spec.input, object)));
}
