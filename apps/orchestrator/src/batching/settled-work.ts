/** Objects of a listing that are done already, on their way into the books of the job. */
import { carriedManifest, type DoneRecord, type NewTask, type ObjectRef, type Standing } from '@longshore/core';

/** An object and its ordinal in the listing. */
export interface Placed {
  object: ObjectRef;
  position: number;
}

/** Nobody works on them, so they go together in larger numbers than any batch. */
const objectsInTask = 500;

export class SettledWork {
  /** Objects that are in stored steps, or in the one that is being stored. */
  count: number;
  private carried: (Placed & { record: DoneRecord })[] = [];
  private found: number[] = [];

  constructor(
    countBefore: number,
    private readonly newId: () => string,
  ) {
    this.count = countBefore;
  }

  get waiting(): number {
    return this.carried.length + this.found.length;
  }

  add(placed: Placed, standing: Exclude<Standing, { state: 'wanted' }>): void {
    if (standing.state === 'done') this.carried.push({ ...placed, record: standing.record });
    else this.found.push(placed.position);
  }

  /** What lies before a position of the listing: tasks that are completed as they are made, and how many outputs were found. */
  takeBefore(position: number): { tasks: NewTask[]; found: number } {
    const taken = this.carried.filter((one) => one.position < position);
    const found = this.found.filter((one) => one < position).length;
    this.carried = this.carried.filter((one) => one.position >= position);
    this.found = this.found.filter((one) => one >= position);
    this.count += taken.length + found;
    const tasks: NewTask[] = [];
    for (let start = 0; start < taken.length; start += objectsInTask) {
      const part = taken.slice(start, start + objectsInTask);
      tasks.push({
        id: this.newId(),
        position: part[0]?.position ?? 0,
        objects: part.map(({ object }) => object),
        carried: carriedManifest(part.map(({ record }) => record)),
      });
    }
    return { tasks, found };
  }
}
