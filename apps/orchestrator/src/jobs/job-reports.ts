/** The report files that a job left beside its outputs: which they are, and what is in them. */
import { Injectable } from '@nestjs/common';
import {
  JobStore,
  keyAt,
  LongshoreError,
  ObjectStore,
  type Job,
  type ObjectRef,
  type StagedOutput,
  type StoreRecord,
} from '@longshore/core';
import type { ReportAnswer } from '@longshore/core/protocol';

/** So many are remembered of a job; the others lie beside the outputs all the same. */
const mostRemembered = 1_000;

export interface ReportContent {
  sizeBytes: number;
  bytes: AsyncIterable<Uint8Array>;
}

@Injectable()
export class JobReports {
  constructor(
    private readonly store: JobStore,
    private readonly objects: ObjectStore,
  ) {}

  /** In the place of what an earlier end of the job left. */
  async remember(jobId: string, files: readonly StagedOutput[]): Promise<void> {
    const reports = files
      .slice(0, mostRemembered)
      .map(({ name, sizeBytes, sha256 }) => ({ name, size_bytes: sizeBytes, sha256 }));
    await this.store.changeRecord(recordName(jobId), () => ({ record: { reports } }));
  }

  /** In the order in which they were written. */
  async of(jobId: string): Promise<ReportAnswer[]> {
    return reportsIn(await this.store.findRecord(recordName(jobId)));
  }

  /**
   * Only what the job itself has written can be read.
   *
   * @throws LongshoreError `report-not-found`, or what the storage throws
   */
  async read(job: Job, name: string): Promise<ReportContent> {
    const report = (await this.of(job.id)).find((one) => one.name === name);
    if (!report) throw notFound(`Job ${job.id} left no report of this name.`, 'The list of its reports has the names.');
    const found = await this.find(job, keyAt(job.spec.output, name));
    if (found?.sizeBytes !== report.size_bytes) {
      const what = found ? 'is another one now; another job may have written it' : 'is no longer there';
      throw notFound(`The report "${name}" of job ${job.id} ${what}.`, 'Give each job an output of its own.');
    }
    return { sizeBytes: found.sizeBytes, bytes: this.objects.read(job.spec.output, found) };
  }

  /** As it is listed now, which is how objects are read. */
  private async find({ spec: { output } }: Job, key: string): Promise<ObjectRef | undefined> {
    const wanted = Buffer.from(key);
    try {
      for await (const page of this.objects.list(output, { after: key.slice(0, -1).toWellFormed() })) {
        for (const object of page) {
          if (object.key === key) return object;
          if (Buffer.compare(Buffer.from(object.key), wanted) > 0) return undefined;
        }
      }
    } catch (thrown) {
      if (!(thrown instanceof LongshoreError) || thrown.code !== 'location-not-found') throw thrown;
    }
    return undefined;
  }
}

function recordName(jobId: string): string {
  return `reports of job ${jobId}`;
}

function reportsIn(record: StoreRecord | undefined): ReportAnswer[] {
  return Array.isArray(record?.reports) ? (record.reports as ReportAnswer[]) : [];
}

function notFound(message: string, remedy: string): LongshoreError {
  return new LongshoreError('report-not-found', message, { remedy });
}
