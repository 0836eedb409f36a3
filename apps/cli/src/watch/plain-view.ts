/** For pipes and log files: one line for each change worth telling. */
import { endedJobStates, type JobState } from '@longshore/core';
import type { Told } from '../client/job-events.js';
import { printable, objectTotals, progressLine } from '../terminal/job-text.js';
import type { Snapshot } from './snapshot.js';
import type { View } from './watch-job.js';

/** Progress is told at every tenth of the whole, and at least this often while there is any. */
const progressEveryMs = 10_000;

export class PlainView implements View {
  readonly wantsAll = true;
  private state: JobState | undefined;
  private isListed = false;
  private isLost = false;
  private causes = new Set<string>();
  private workers: number | undefined;
  private progress = { text: '', tenth: 0, at: -Infinity };

  constructor(
    private readonly write = (line: string): unknown => process.stdout.write(`${line}\n`),
    private readonly talk = (line: string): unknown => process.stderr.write(`${line}\n`),
    private readonly now = (): number => Date.now(),
  ) {}

  told(one: Told): void {
    if (one.kind === 'lost' && !this.isLost) this.talk('The connection is lost; asking again and again.');
    if (one.kind === 'connected' && this.isLost) this.talk('The connection is there again.');
    if (one.kind !== 'event') this.isLost = one.kind === 'lost';
  }

  show({ job, numbers, failures, workforce }: Snapshot): void {
    if (job.state !== this.state) {
      // At the end the whole report says why.
      const why = job.failure && job.state === 'paused' ? `: ${printable(job.failure.message)}` : '';
      this.write(`job ${job.id} is ${job.state}${why}`);
      if (job.state === 'paused') this.write(`run it on with: longshore resume ${job.id}`);
    }
    if (job.scan === 'done' && !this.isListed && this.state !== undefined) {
      this.write(`everything is listed: ${objectTotals(job).total} objects in ${job.total_tasks} tasks`);
    }
    for (const { id, code, example } of failures.filter((cause) => !this.causes.has(cause.id))) {
      this.causes.add(id);
      this.write(`new failure: ${code}: ${printable(example)}`);
    }
    if (workforce && workforce.workers !== this.workers) {
      this.workers = workforce.workers;
      this.write(
        workforce.workers === 0
          ? `no worker serves ${job.plugin}; start one with: longshore worker --plugin ${job.plugin}`
          : `workers: ${workforce.workers}`,
      );
    }
    this.state = job.state;
    this.isListed = job.scan === 'done';
    if (!endedJobStates.includes(job.state)) this.showProgress(job, numbers);
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  private showProgress(job: Snapshot['job'], numbers: Snapshot['numbers']): void {
    const { total, done, dead } = objectTotals(job);
    const tenth = total === 0 ? 0 : Math.floor((10 * (done + dead)) / total);
    const text = progressLine(job);
    const isDue = tenth !== this.progress.tenth || this.now() - this.progress.at >= progressEveryMs;
    if (text === this.progress.text || !isDue) return;
    this.progress = { text, tenth, at: this.now() };
    this.write(progressLine(job, numbers));
  }
}
