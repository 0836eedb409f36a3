/** Jobs as they were read last, with their totals as they are now: every move of a task asks for its job, and few jobs are worked on at once. */
import type { Job, JobCounts, TaskState } from '@longshore/core';

const mostJobs = 200;

export interface CountChange {
  tasks: number;
  objects: number;
  bytes: number;
}

export class JobMemory {
  /** Ids of the running jobs, oldest first; undefined until they were read. */
  running: string[] | undefined;
  private readonly jobs = new Map<string, Job>();
  /** What the totals in the file lack, by job and state. */
  private readonly putOff = new Map<string, Map<TaskState, CountChange>>();

  /** A copy with totals of its own, because they go on changing. */
  job(id: string): Job | undefined {
    const known = this.jobs.get(id);
    return known && { ...known, counts: copied(known.counts) };
  }

  keepJob(job: Job): Job {
    if (this.jobs.size >= mostJobs) this.jobs.clear();
    this.jobs.set(job.id, { ...job, counts: copied(job.counts) });
    return job;
  }

  forgetJob(id: string): void {
    this.jobs.delete(id);
    this.running = undefined;
  }

  /** Of what is put off too: it belongs to work that was undone. */
  forgetJobs(): void {
    this.jobs.clear();
    this.putOff.clear();
    this.running = undefined;
  }

  count({ jobId, state }: { jobId: string; state: TaskState }, change: CountChange): void {
    const ofJob = this.putOff.get(jobId) ?? new Map<TaskState, CountChange>();
    this.putOff.set(jobId, ofJob);
    const sum = ofJob.get(state);
    if (sum) add(sum, change);
    else ofJob.set(state, { ...change });
    const known = this.jobs.get(jobId);
    if (known) addTo(known.counts, state, change);
  }

  withPutOff(jobId: string, counts: JobCounts): JobCounts {
    for (const [state, change] of this.putOff.get(jobId) ?? []) addTo(counts, state, change);
    return counts;
  }

  takeCounts(write: (jobId: string, state: TaskState, change: CountChange) => void): void {
    for (const [jobId, ofJob] of this.putOff) {
      for (const [state, change] of ofJob) write(jobId, state, change);
    }
    this.putOff.clear();
  }
}

function add(sum: CountChange, { tasks, objects, bytes }: CountChange): void {
  sum.tasks += tasks;
  sum.objects += objects;
  sum.bytes += bytes;
}

function addTo(counts: JobCounts, state: TaskState, { tasks, objects, bytes }: CountChange): void {
  counts.tasks[state] += tasks;
  counts.objects[state] += objects;
  counts.bytes[state] += bytes;
}

function copied({ tasks, objects, bytes }: JobCounts): JobCounts {
  return { tasks: { ...tasks }, objects: { ...objects }, bytes: { ...bytes } };
}
