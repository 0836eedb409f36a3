/** Cuts tasks of a job from what waits uncut, in rows: what is cut is stored before it is leased, in the same transaction. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { cutNamed, cutTasks, fitLookedAt, largestBytes, type Job, type LeaseFit, type Task } from '@longshore/core';
import type { JobRows } from './job-rows.js';
import { pack } from './packing.js';
import type { TaskRows } from './task-rows.js';

export interface CutWish {
  now: number;
  wanted: number;
  /** This task, or what is cut from it, and no other. */
  named?: Task | undefined;
  fit?: LeaseFit | undefined;
}

export class CuttingRows {
  private readonly saveObjects: StatementSync;
  private readonly saveLargest: StatementSync;
  private readonly largest: StatementSync;
  private readonly removal: StatementSync;

  /** @param create stores a new task with all that is counted of it */
  constructor(
    database: DatabaseSync,
    private readonly rows: { tasks: TaskRows; jobs: JobRows },
    private readonly create: (task: Task, now: number) => void,
  ) {
    this.saveObjects = database.prepare(
      'UPDATE tasks SET position = ?, objects = ?, object_count = ?, uncut_bytes = ? WHERE id = ?',
    );
    this.saveLargest = database.prepare('UPDATE tasks SET uncut_bytes = ? WHERE id = ?');
    this.largest = database.prepare(
      `SELECT id, uncut_bytes AS bytes FROM tasks
       WHERE job_id = ? AND uncut_bytes IS NOT NULL AND state = 'available' ORDER BY uncut_bytes DESC, position LIMIT 1`,
    );
    this.removal = database.prepare('DELETE FROM tasks WHERE id = ?');
  }

  /** Of a task that was just stored: what is uncut is found by the largest of its objects. */
  mark(task: Task): void {
    if (task.uncut) this.saveLargest.run(largestBytes(task) ?? null, task.id);
  }

  /** Available tasks of the job, as they are to be leased. */
  cut(job: Job, { now, wanted, named, fit }: CutWish): Task[] {
    const fits = fit && ((task: Task) => fit.task(task, job));
    const waiting = {
      byPosition: () => this.rows.tasks.eachAvailable(job.id, now, fit ? fitLookedAt : -1),
      largest: () => this.largestOf(job),
      fits,
    };
    const found = named ? cutNamed(job, named, fits) : cutTasks(job, waiting, wanted);
    for (const { before, after } of found.changed) this.shrink(before, after);
    for (const task of found.created) this.create(task, now);
    for (const task of found.removed) this.remove(task);
    return found.tasks;
  }

  private shrink(before: Task, after: Task): void {
    const { id, position, objects } = after;
    this.rows.tasks.save(after, before);
    this.saveObjects.run(position, pack(objects), objects.length, largestBytes(after) ?? null, id);
    this.rows.jobs.resize(before, after);
  }

  /** It was never leased, so nothing else speaks of it. */
  private remove(task: Task): void {
    this.removal.run(task.id);
    this.rows.jobs.uncount(task);
  }

  private largestOf({ id }: Job): { bytes: number; task: () => Task | undefined } | undefined {
    const found = this.largest.get(id) as { bytes: number; id: string } | undefined;
    return found && { bytes: found.bytes, task: () => this.rows.tasks.findReadable(found.id) };
  }
}
