/** Running numbers about jobs as rows: failures by cause, durations, and what was done when. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  canBeRedriven,
  durationBucket,
  failureGroupsPerJob,
  failureKind,
  manifoldKind,
  stepOf,
  type Failure,
  type Tally,
  type Task,
} from '@longshore/core';
import { TallySums } from './tally-sums.js';

export class TallyRows {
  private readonly putOff = new TallySums();
  private readonly group: StatementSync;
  private readonly groups: StatementSync;
  private readonly addToGroup: StatementSync;
  private readonly takeFromGroup: StatementSync;
  private readonly groupOf: StatementSync;
  private readonly nameGroup: StatementSync;
  private readonly addDuration: StatementSync;
  private readonly addWork: StatementSync;

  constructor(database: DatabaseSync) {
    this.group = database.prepare('SELECT 1 FROM failure_groups WHERE job_id = ? AND id = ?');
    this.groups = database.prepare('SELECT count(*) AS count FROM failure_groups WHERE job_id = ?');
    this.addToGroup = database.prepare(
      `INSERT INTO failure_groups
         (job_id, id, class, code, pattern, attempts, tasks, objects, refused, first_at, last_at, example_task_id, example)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (job_id, id) DO UPDATE SET attempts = attempts + excluded.attempts, tasks = tasks + excluded.tasks,
         objects = objects + excluded.objects, refused = refused + excluded.refused, last_at = excluded.last_at,
         example_task_id = excluded.example_task_id, example = excluded.example`,
    );
    this.takeFromGroup = database.prepare(
      'UPDATE failure_groups SET tasks = tasks - 1, objects = objects - ? WHERE job_id = ? AND id = ?',
    );
    this.groupOf = database.prepare('SELECT failure_group FROM tasks WHERE id = ?');
    this.nameGroup = database.prepare('UPDATE tasks SET failure_group = ? WHERE id = ?');
    this.addDuration = database.prepare(
      `INSERT INTO durations (job_id, bucket, count, sum_ms, min_ms, max_ms) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (job_id, bucket) DO UPDATE SET count = count + excluded.count, sum_ms = sum_ms + excluded.sum_ms,
         min_ms = min(min_ms, excluded.min_ms), max_ms = max(max_ms, excluded.max_ms)`,
    );
    this.addWork = database.prepare(
      `INSERT INTO work_steps (job_id, at, tasks, objects, bytes, failed_attempts) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (job_id, at) DO UPDATE SET tasks = tasks + excluded.tasks, objects = objects + excluded.objects,
         bytes = bytes + excluded.bytes, failed_attempts = failed_attempts + excluded.failed_attempts`,
    );
  }

  count(task: Task, { completed, failed, died, revived }: Tally, now: number): void {
    if (completed || failed) {
      const { objects = 0, bytes = 0 } = completed ?? {};
      this.putOff.work(task.jobId, stepOf(now), {
        tasks: completed ? 1 : 0,
        objects,
        bytes,
        failedAttempts: failed ? 1 : 0,
      });
    }
    if (completed?.heldMs !== undefined) {
      const ms = Math.round(completed.heldMs);
      for (const key of [task.jobId, '']) this.putOff.duration(key, durationBucket(ms), ms);
    }
    if (failed) this.add(task, failed, { attempts: 1, tasks: 0, objects: 0, refused: 0 }, now);
    if (revived) this.dig(task);
    if (died) {
      const objects = task.objects.length;
      const refused = canBeRedriven(task) ? 0 : objects;
      const group = this.add(task, died, { attempts: 0, tasks: 1, objects, refused }, now);
      this.nameGroup.run(group, task.id);
    }
  }

  /** Writes what was counted since. */
  flush(): void {
    this.putOff.take({
      work: (jobId, at, { tasks, objects, bytes, failedAttempts }) =>
        this.addWork.run(jobId, at, tasks, objects, bytes, failedAttempts),
      duration: (key, bucket, { count, sumMs, minMs, maxMs }) =>
        this.addDuration.run(key, bucket, count, sumMs, minMs, maxMs),
    });
  }

  forget(): void {
    this.putOff.clear();
  }

  private add(
    { id: taskId, jobId }: Task,
    why: Failure,
    more: { attempts: number; tasks: number; objects: number; refused: number },
    now: number,
  ): string {
    const { id, pattern } = this.kindOf(jobId, why);
    const { attempts, tasks, objects, refused } = more;
    const { class: failureClass, code, message } = why;
    const kind = [id, failureClass, code, pattern];
    this.addToGroup.run(jobId, ...kind, attempts, tasks, objects, refused, now, now, taskId, message);
    return id;
  }

  private kindOf(jobId: string, why: Failure): { id: string; pattern: string } {
    const kind = failureKind(why);
    if (this.group.get(jobId, kind.id)) return kind;
    const { count } = this.groups.get(jobId) as { count: number };
    return count < failureGroupsPerJob ? kind : manifoldKind(why);
  }

  private dig({ id, jobId, objects }: Task): void {
    const { failure_group: group } = this.groupOf.get(id) as { failure_group: string | null };
    if (group === null) return;
    this.takeFromGroup.run(objects.length, jobId, group);
    this.nameGroup.run(null, id);
  }
}
