/** The objects of a job as they lie in its batches: a few numbers for each, however many they are. */
import { createBatcher, type BatchingRule, type ObjectRef } from '@longshore/core';
import { drawOf, objectMs } from './draw.js';

/** What one object is to a simulation. */
export interface SizedObject {
  sizeBytes: number;
  /** Objects of the same group stay in one batch. */
  group?: string;
}

/** Milliseconds of each object, by its place in the listing. */
export type ObjectTimes = (index: number) => number;

/** @param spread standard deviation as a share of the mean */
export function objectTimes(secondsPerObject: number, spread: number, seed: number): ObjectTimes {
  const draw = drawOf(seed);
  const known: number[] = [];
  return (index) => (known[index] ??= objectMs(draw, index, secondsPerObject * 1000, spread));
}

/** Objects stand one behind the other, batch by batch, so that a task is a place and a length. */
export interface Workload {
  objects: number;
  /** First object of each task, and behind the last one the number of all. */
  firsts: Float64Array;
  /** Bytes, and milliseconds, of all objects before this one; one more than there are objects. */
  bytesBefore: Float64Array;
  msBefore: Float64Array;
  /** Each task is a group that the job lists, which is done as a whole or not at all. */
  neverSplit: boolean;
}

/** Cut by the batcher that cuts the tasks of real jobs. An object takes as long in whatever task it lies. */
export function workloadOf(
  objects: Iterable<SizedObject>,
  rule: BatchingRule,
  times: ObjectTimes,
  { neverSplit = false } = {},
): Workload {
  const cut = new Cut(times);
  let groups: string[] | undefined;
  let position = 0;
  const batcher = () =>
    createBatcher({ rule, ...(groups && { groupOf: ({ etag }: ObjectRef) => groups?.[Number(etag)] ?? '' }) });
  let made: ReturnType<typeof batcher> | undefined;
  for (const { sizeBytes, group } of objects) {
    if (position === 0 && group !== undefined) groups = [];
    groups?.push(group ?? '');
    made ??= batcher();
    // The etag carries where the object stands in the listing, so that its time can be found in its batch.
    cut.take(made.add({ key: '', sizeBytes, etag: String(position) }, position));
    position += 1;
  }
  if (made) cut.take(made.flush());
  return { ...cut.workload(position), neverSplit };
}

class Cut {
  private readonly firsts: number[] = [];
  private readonly bytes: number[] = [0];
  private readonly ms: number[] = [0];

  constructor(private readonly times: ObjectTimes) {}

  take(batches: readonly { objects: readonly ObjectRef[] }[]): void {
    for (const { objects } of batches) {
      this.firsts.push(this.bytes.length - 1);
      for (const { sizeBytes, etag } of objects) {
        this.bytes.push(this.bytes.at(-1)! + sizeBytes);
        this.ms.push(this.ms.at(-1)! + this.times(Number(etag)));
      }
    }
  }

  workload(objects: number): Omit<Workload, 'neverSplit'> {
    return {
      objects,
      firsts: Float64Array.from([...this.firsts, objects]),
      bytesBefore: Float64Array.from(this.bytes),
      msBefore: Float64Array.from(this.ms),
    };
  }
}

/** As many objects of the same size, one after the other. */
export function* evenObjects(count: number, sizeBytes: number): Generator<SizedObject> {
  for (let index = 0; index < count; index += 1) yield { sizeBytes };
}
