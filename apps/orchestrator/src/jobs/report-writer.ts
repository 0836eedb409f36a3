/** Writes the report files of a finished job beside its outputs. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import {
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
} from '@longshore/core';

@Injectable()
export class ReportWriter {
  constructor(
    private readonly store: JobStore,
    private readonly objects: ObjectStore,
  ) {}

  /**
   * Publishes every file the plugin's `summarize` makes; may be repeated.
   *
   * @throws LongshoreError `report-failed`, or what the storage throws
   */
  async write(job: Job, plugin: JobPlugin): Promise<void> {
    if (!plugin.summarize) return;
    const folder = await mkdtemp(join(tmpdir(), 'longshore-report-'));
    try {
      const params = readParams(plugin, job.spec.params);
      const files = plugin.summarize({ params, records: () => this.records(job) });
      for await (const file of files) await this.publish(job, file, join(folder, 'report'));
    } catch (thrown) {
      if (thrown instanceof LongshoreError) throw thrown;
      throw new LongshoreError('report-failed', `The report of job ${job.id} failed: ${messageOf(thrown)}.`, {
        remedy: `Mend summarize of the plugin ${plugin.name}; the outputs themselves are complete.`,
        cause: thrown,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async publish(job: Job, file: ReportFile, path: string): Promise<void> {
    const refusal = refusalOfName(file.name);
    if (refusal !== undefined) throw new Error(`its file "${file.name}" is refused because ${refusal}`);
    const target = createWriteStream(path);
    await pipeline(Readable.from(file.content), target);
    if (!target.closed) await once(target, 'close');
    const location = job.spec.output;
    await this.objects.publish(location, await this.objects.stage({ location, name: file.name, path }));
  }

  private async *records(job: Job): AsyncIterable<ObjectRecord> {
    let after: string | undefined;
    do {
      const page = await this.store.listTasks(job.id, {
        limit: 200,
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
