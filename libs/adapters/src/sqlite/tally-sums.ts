/** Running numbers that many tasks of one piece of work add to, summed so that they are written once. */

export interface WorkSum {
  tasks: number;
  objects: number;
  bytes: number;
  failedAttempts: number;
}

export interface DurationSum {
  count: number;
  sumMs: number;
  minMs: number;
  maxMs: number;
}

export interface SumWriter {
  work: (jobId: string, at: number, sum: WorkSum) => unknown;
  duration: (key: string, bucket: number, sum: DurationSum) => unknown;
}

export class TallySums {
  private readonly works = new Map<string, Map<number, WorkSum>>();
  private readonly durations = new Map<string, Map<number, DurationSum>>();

  work(jobId: string, at: number, more: WorkSum): void {
    const sums = madeIn(this.works, jobId);
    const sum = sums.get(at);
    if (!sum) return void sums.set(at, more);
    sum.tasks += more.tasks;
    sum.objects += more.objects;
    sum.bytes += more.bytes;
    sum.failedAttempts += more.failedAttempts;
  }

  duration(key: string, bucket: number, ms: number): void {
    const sums = madeIn(this.durations, key);
    const sum = sums.get(bucket);
    if (!sum) return void sums.set(bucket, { count: 1, sumMs: ms, minMs: ms, maxMs: ms });
    sum.count += 1;
    sum.sumMs += ms;
    sum.minMs = Math.min(sum.minMs, ms);
    sum.maxMs = Math.max(sum.maxMs, ms);
  }

  take({ work, duration }: SumWriter): void {
    for (const [jobId, sums] of this.works) for (const [at, sum] of sums) work(jobId, at, sum);
    for (const [key, sums] of this.durations) for (const [bucket, sum] of sums) duration(key, bucket, sum);
    this.clear();
  }

  clear(): void {
    this.works.clear();
    this.durations.clear();
  }
}

function madeIn<K, V>(all: Map<K, Map<number, V>>, key: K): Map<number, V> {
  const found = all.get(key);
  if (found) return found;
  const made = new Map<number, V>();
  all.set(key, made);
  return made;
}
