/**
 * Cuts tasks from what waits uncut, as they are leased. Pure: a store tells what waits, and stores what becomes of it in the transaction of the
 * leases, so that there is no moment at which an object is in no task or in two.
 */
import { createConflictTest } from '../layout/workspace-conflicts.js';
import type { Job } from '../words/job.js';
import { relativeKey } from '../words/location.js';
import type { Task } from '../words/task.js';
import { contentOf, Piece, type Bundle } from './piece.js';
import { TaskSizer } from './task-sizer.js';

/** What waits to be leased of one job. */
export interface WaitingTasks {
  /** By position; read on no further than is asked for. */
  byPosition(): Iterable<Task>;
  /** Of all that is uncut: the bytes of the largest object or group, and what it is in. */
  largest(): { bytes: number; task: () => Task | undefined } | undefined;
  /** False for what the worker cannot do. */
  fits?: ((task: Task) => boolean) | undefined;
}

export interface Cutting {
  /** To be leased, in this order; those that were cut are among `created` or `changed` as well. */
  tasks: Task[];
  created: Task[];
  /** Their objects are fewer than before, or they are uncut no more. */
  changed: { before: Task; after: Task }[];
  /** All of their objects are in tasks now. */
  removed: Task[];
}

export function cutTasks(job: Job, waiting: WaitingTasks, wanted: number): Cutting {
  return new Cutter(job, waiting, wanted).cut();
}

/** One task from the front of this one, under its own name. */
export function cutNamed(job: Job, task: Task, fits?: (task: Task) => boolean): Cutting {
  if (!task.uncut) return { tasks: (fits?.(task) ?? true) ? [task] : [], created: [], changed: [], removed: [] };
  const piece = new Piece(task, fits);
  const { usable, nextId } = piece;
  const bundles = usable.slice(0, new TaskSizer(job, 1).take(usable));
  if (bundles.length === 0) return { tasks: [], created: [], changed: [], removed: [] };
  const { uncut: _no, ...rest } = task;
  const after = { ...rest, ...contentOf(task, bundles) };
  piece.remove(new Set(bundles));
  const created = piece.isEmpty ? [] : piece.rests().map((one) => (one.id === task.id ? { ...one, id: nextId } : one));
  return { tasks: [after], created, changed: [{ before: task, after }], removed: [] };
}

class Cutter {
  private readonly sizer: TaskSizer;
  private readonly conflicts: ReturnType<typeof createConflictTest>;
  private readonly pieces = new Map<string, Piece>();
  /** Those from which the next task is cut, by position. */
  private open: Piece[] = [];
  private readonly tasks: Task[] = [];
  private readonly created: Task[] = [];

  constructor(
    job: Job,
    private readonly waiting: WaitingTasks,
    private readonly wanted: number,
  ) {
    this.sizer = new TaskSizer(job, wanted);
    this.conflicts = createConflictTest((object) => relativeKey(job.spec.input, object.key));
  }

  cut(): Cutting {
    this.cutOutsize();
    if (!this.isEnough) this.cutByPosition();
    const touched = [...this.pieces.values()].filter(({ task, count }) => count < task.objects.length);
    const rests = touched
      .filter(({ isEmpty }) => !isEmpty)
      .map((piece) => ({ before: piece.task, rests: piece.rests() }));
    return {
      tasks: this.tasks,
      created: [...this.created, ...rests.flatMap(({ rests: [...all] }) => all.slice(0, -1))],
      changed: rests.map(({ before, rests: all }) => ({ before, after: all.at(-1) ?? before })),
      removed: touched.filter(({ isEmpty }) => isEmpty).map(({ task }) => task),
    };
  }

  private get isEnough(): boolean {
    return this.tasks.length >= this.wanted;
  }

  /** What takes longer than a task should is begun first, the largest before the others. */
  private cutOutsize(): void {
    const { sizer } = this;
    const largest = this.waiting.largest();
    if (!largest || !sizer.isOutsize({ objects: 1, bytes: largest.bytes })) return;
    const found = largest.task();
    if (!found) return;
    const piece = this.pieceOf(found);
    while (!this.isEnough) {
      const [first, ...others] = piece.usable.filter((bundle) => sizer.isOutsize(bundle));
      if (!first) return;
      this.take([piece], [others.reduce((most, bundle) => (bundle.bytes > most.bytes ? bundle : most), first)]);
    }
  }

  private cutByPosition(): void {
    for (const found of this.waiting.byPosition()) {
      if (found.uncut) {
        this.open.push(this.pieceOf(found));
        this.cutFull();
      } else if (this.waiting.fits?.(found) ?? true) {
        // Whole already, as a task that is tried again.
        this.tasks.push(found);
      }
      if (this.isEnough) return;
    }
    while (!this.isEnough && this.cutNext(true));
  }

  private cutFull(): void {
    while (!this.isEnough && this.cutNext(false));
  }

  /** @param isAll nothing more is to come, so that what is there is a task even where more would fit */
  private cutNext(isAll: boolean): boolean {
    this.open = this.open.filter(({ usable }) => usable.length > 0);
    const fitting = this.together();
    const taken = this.sizer.take(fitting.bundles);
    if (taken === 0 || (taken === fitting.bundles.length && !isAll && !fitting.isCutShort)) return false;
    this.take(this.open, fitting.bundles.slice(0, taken));
    return true;
  }

  /** What is at the front and may lie in one workspace. Within a piece everything may. */
  private together(): { bundles: Bundle[]; isCutShort: boolean } {
    const bundles: Bundle[] = [];
    const objects: Task['objects'] = [];
    for (const [index, { usable }] of this.open.entries()) {
      for (const bundle of usable) {
        if (index > 0 && bundle.refs.some((object) => this.conflicts(objects, object))) {
          return { bundles, isCutShort: true };
        }
        bundles.push(bundle);
        objects.push(...bundle.refs);
      }
    }
    return { bundles, isCutShort: false };
  }

  private take(from: readonly Piece[], bundles: readonly Bundle[]): void {
    const gone = new Set(bundles);
    const [first] = from;
    if (!first) return;
    const { uncut: _no, ...rest } = first.task;
    const task: Task = { ...rest, ...contentOf(rest, bundles), id: first.nextId };
    for (const piece of from) piece.remove(gone);
    this.sizer.note({ objects: task.objects.length, bytes: bundles.reduce((sum, { bytes }) => sum + bytes, 0) });
    this.tasks.push(task);
    this.created.push(task);
  }

  private pieceOf(task: Task): Piece {
    const piece = this.pieces.get(task.id) ?? new Piece(task, this.waiting.fits);
    this.pieces.set(task.id, piece);
    return piece;
  }
}
