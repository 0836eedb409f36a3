/** Writes the report files of a finished job beside its outputs. */
import { Injectable, Logger } from '@nestjs/common';
import {
  isOwnPlace,
  JobStore,
  LongshoreError,
  messageOf,
  ObjectStore,
  readParams,
  refusalOfName,
  relativeKey,
  type Job,
  type JobPlugin,
  type ObjectRecord,
  type ReportFile,
  type StagedOutput,
} from '@longshore/core';
import { JobReports } from './job-reports.js';
import { publishFile } from './publish-file.js';

/** A report is small; one that takes longer hangs. */
const longestReportMs = 30 * 60_000;

@Injectable()
export class ReportWriter {
  private readonly log = new Logger(ReportWriter.name);

  constructor(
    private readonly store: JobStore,
    private readonly objects: ObjectStore,
    private readonly reports: JobReports,
  ) {}

  /**
   * Publishes every file the plugin's `summarize` makes; may be repeated. A `summarize` that hangs is given up in the end.
   *
   * @throws LongshoreError `report-failed`, or what the storage throws
   */
  async write(job: Job, plugin: JobPlugin, stopping: AbortSignal): Promise<void> {
    if (!plugin.summarize) return;
    if (job.spec.skip?.by === 'outputs' && (job.objectsDoneBefore ?? 0) > 0) {
      // Of objects whose outputs were merely found nothing is known, and a report of a part must not take the place of a whole one.
      this.log.warn(`Job ${job.id} leaves no report, because ${job.objectsDoneBefore} of its objects have no record.`, {
        job_id: job.id,
      });
      return;
    }
    const limit = AbortSignal.any([stopping, AbortSignal.timeout(longestReportMs)]);
    try {
      const params = readParams(plugin, job.spec.params);
      const files = plugin.summarize({ params, records: () => this.records(job) });
      const written: StagedOutput[] = [];
      for await (const file of untilAborted(files, limit)) written.push(await this.publish(job, file, limit));
      await this.reports.remember(job.id, written);
    } catch (thrown) {
      if (thrown instanceof LongshoreError) throw thrown;
      throw new LongshoreError('report-failed', `The report of job ${job.id} failed: ${messageOf(thrown)}.`, {
        remedy: `Mend summarize of the plugin ${plugin.name}; the outputs themselves are complete.`,
        cause: thrown,
      });
    }
  }

  private async publish(job: Job, file: ReportFile, signal: AbortSignal): Promise<StagedOutput> {
    const refusal = isOwnPlace(file.name) ? "that folder is Longshore's own" : refusalOfName(file.name);
    if (refusal !== undefined) throw new Error(`its file "${file.name}" is refused because ${refusal}`);
    const warn = (line: string) => this.log.warn(`Job ${job.id}: ${line}`, { job_id: job.id });
    return publishFile(file, { objects: this.objects, location: job.spec.output, signal, warn });
  }

  private async *records(job: Job): AsyncIterable<ObjectRecord> {
    let after: string | undefined;
    do {
      const page = await this.store.listTasks(job.id, {
        limit: 50,
        states: ['completed'],
        ...(after !== undefined && { after }),
      });
      for (const { objectKey, record } of page.items.flatMap((task) => task.manifest?.entries ?? [])) {
        if (objectKey === undefined || record === undefined) continue;
        yield { objectKey, relativeKey: relativeKey(job.spec.input, objectKey), record };
      }
      after = page.next;
    } while (after !== undefined);
  }
}

/** The items until the signal is aborted; one that never comes is not waited for any longer. */
async function* untilAborted<T>(items: AsyncIterable<T> | Iterable<T>, signal: AbortSignal): AsyncIterable<T> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const aborted = new Promise<never>((_, reject) => {
    const give = () => reject(signal.reason as Error);
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
  });
  aborted.catch(() => undefined);
  for (;;) {
    const next = await Promise.race([iterator.next(), aborted]);
    if (next.done) return;
    yield next.value;
  }
}
