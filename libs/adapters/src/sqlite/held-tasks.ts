/** The tasks that workers hold, in memory: every report is about one of them, and rows that are read again and again cost more than all else. */
import type { Task } from '@longshore/core';

/** One with more objects than this is read from its row whenever somebody asks, so that memory stays flat however large tasks are. */
const mostObjects = 64;

export interface HeldEntry {
  seq: number;
  id: string;
  workerId: string;
  /** Undefined where its row has to be read. */
  task: Task | undefined;
}

export class HeldTasks {
  private readonly entries = new Map<string, HeldEntry>();
  private readonly byWorker = new Map<string, Map<string, HeldEntry>>();

  get(id: string): HeldEntry | undefined {
    return this.entries.get(id);
  }

  /** What was stored of a task; one that nobody holds is forgotten. */
  note(seq: number, task: Task): void {
    const { id, lease } = task;
    const before = this.entries.get(id);
    if (before && before.workerId !== lease?.workerId) this.forget(before);
    if (!lease) return;
    const entry = { seq, id, workerId: lease.workerId, task: task.objects.length > mostObjects ? undefined : task };
    this.entries.set(id, entry);
    const ofWorker = this.byWorker.get(lease.workerId);
    if (ofWorker) ofWorker.set(id, entry);
    else this.byWorker.set(lease.workerId, new Map([[id, entry]]));
  }

  /** In the order in which the tasks were made. */
  all(): HeldEntry[] {
    return inOrder(this.entries.values());
  }

  of(workerId: string): HeldEntry[] {
    return inOrder(this.byWorker.get(workerId)?.values() ?? []);
  }

  clear(): void {
    this.entries.clear();
    this.byWorker.clear();
  }

  private forget({ id, workerId }: HeldEntry): void {
    this.entries.delete(id);
    const ofWorker = this.byWorker.get(workerId);
    ofWorker?.delete(id);
    if (ofWorker?.size === 0) this.byWorker.delete(workerId);
  }
}

function inOrder(entries: Iterable<HeldEntry>): HeldEntry[] {
  return [...entries].sort((one, other) => one.seq - other.seq);
}
