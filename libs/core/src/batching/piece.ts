/** What waits uncut, while tasks are cut from it. */
import type { ObjectRef } from '../words/object-ref.js';
import { taskBytes, type Task } from '../words/task.js';
import type { Unit } from './task-sizer.js';

/** An object, or a group of them. */
export interface Bundle extends Unit {
  refs: readonly ObjectRef[];
  /** Its place in the piece. */
  at: number;
}

/** Where so many times more is left of a piece than was taken, what comes next is set apart: a row is written whole with every cut. */
const muchLeft = 16;
const fewestApart = 64;

export class Piece {
  private left: Bundle[];
  /** Objects that are left. */
  count: number;

  /** @param fits false for what the worker cannot do */
  constructor(
    readonly task: Task,
    private readonly fits?: (task: Task) => boolean,
  ) {
    this.left = bundlesOf(task);
    this.count = task.objects.length;
  }

  get usable(): readonly Bundle[] {
    const { fits, left, task } = this;
    return fits ? left.filter(({ refs }) => fits({ ...task, objects: [...refs] })) : left;
  }

  get isEmpty(): boolean {
    return this.left.length === 0;
  }

  remove(bundles: ReadonlySet<Bundle>): void {
    this.left = this.left.filter((bundle) => !bundles.has(bundle));
    this.count = this.left.reduce((sum, { objects }) => sum + objects, 0);
  }

  /** Of a task that is cut from it now: the number of objects that are left falls with each, and tells them apart. */
  get nextId(): string {
    return `${this.task.id}-${this.count}`;
  }

  /** What is left of it, what comes next first. */
  rests(): Task[] {
    const { left, task } = this;
    const cut = task.objects.length - this.count;
    const isLong = left.length >= 2 * fewestApart && left.length >= muchLeft * cut;
    const apart = isLong ? left.slice(0, Math.max(fewestApart, Math.ceil(left.length / muchLeft))) : [];
    const id = this.nextId;
    const rest = this.rest(left.slice(apart.length), task.id);
    return apart.length > 0 ? [this.rest(apart, id), rest] : [rest];
  }

  private rest(bundles: readonly Bundle[], id: string): Task {
    const groups = this.task.uncut?.groups && bundles.map(({ objects }) => objects);
    return { ...this.task, ...contentOf(this.task, bundles), id, uncut: groups ? { groups } : {} };
  }
}

/** Positions keep the order; that of an object behind the first of a piece is the least it may be. */
export function contentOf({ position }: Task, bundles: readonly Bundle[]): Pick<Task, 'position' | 'objects'> {
  return { position: position + (bundles[0]?.at ?? 0), objects: bundles.flatMap(({ refs }) => refs) };
}

/** Bytes of the largest object or group of what is uncut. */
export function largestBytes(task: Task): number | undefined {
  return task.uncut && bundlesOf(task).reduce((most, { bytes }) => Math.max(most, bytes), 0);
}

function bundlesOf({ objects, uncut }: Task): Bundle[] {
  let at = 0;
  return (uncut?.groups ?? objects.map(() => 1)).map((size) => {
    const refs = objects.slice(at, at + size);
    const bundle = { at, refs, objects: size, bytes: taskBytes({ objects: refs }) };
    at += size;
    return bundle;
  });
}
