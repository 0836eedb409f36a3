/** For programs: each event as a JSON line, beginning with the job as it is. */
import type { JobAnswer, JobEvent } from '@longshore/core/protocol';
import type { Told } from '../client/job-events.js';
import type { Snapshot } from './snapshot.js';
import type { View } from './watch-job.js';

export class JsonView implements View {
  readonly wantsAll = false;
  /** The job as it was last told of. */
  private last = '';

  constructor(private readonly write = (line: string): unknown => process.stdout.write(`${line}\n`)) {}

  told(one: Told): void {
    if (one.kind === 'lost') this.print({ event: 'lost', data: { why: one.why } });
    if (one.kind === 'connected') this.print({ event: 'connected' });
    if (one.kind !== 'event') return;
    const { event, data } = one.event;
    if (event === 'job') this.last = JSON.stringify(jobEventOf(data));
    this.print({ event, ...(one.id !== undefined && { id: one.id }), data });
  }

  /** Tells what no event has told: how it is at first, and what was missed. */
  show({ job }: Snapshot): void {
    const data = jobEventOf({ ...job, job_id: job.id });
    const text = JSON.stringify(data);
    if (text === this.last) return;
    this.last = text;
    this.print({ event: 'job', data });
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  private print(line: object): void {
    this.write(JSON.stringify(line));
  }
}

/** In one order, so that two can be compared. */
function jobEventOf(job: JobEvent | (JobAnswer & { job_id: string })): JobEvent {
  const { job_id, state, scan, total_tasks, completed_tasks, failed_tasks, objects_listed, objects } = job;
  return { job_id, state, scan, total_tasks, completed_tasks, failed_tasks, objects_listed, objects };
}
