/** Records beside the outputs what a job has done, so that any later job, of any orchestrator, finds it. */
import { Injectable, Logger } from '@nestjs/common';
import {
  declaredGroup,
  groupDigest,
  JobStore,
  messageOf,
  ObjectStore,
  pluginObject,
  recordsName,
  Scratch,
  variablesOf,
  type DoneRecord,
  type Job,
  type JobPlugin,
  type ManifestEntry,
  type ScratchTable,
  type Task,
} from '@longshore/core';
import { publishFile } from '../jobs/publish-file.js';
import { listOutputs, visibleOutputs } from './visible-outputs.js';

@Injectable()
export class RecordWriter {
  private readonly log = new Logger(RecordWriter.name);

  constructor(
    private readonly store: JobStore,
    private readonly objects: ObjectStore,
    private readonly scratch: Scratch,
  ) {}

  /**
   * Publishes one line for each object this job itself has done so far; what it took over is recorded already. May be repeated, and replaces what it
   * recorded before. A job that did nothing leaves nothing.
   */
  async write(job: Job, plugin: JobPlugin, signal: AbortSignal): Promise<void> {
    if (!job.spec.skip || job.counts.objects.completed <= carriedCount(job)) return;
    await using outputs = await this.scratch.open();
    await listOutputs(this.objects, job.spec.output, outputs, signal);
    await publishFile(
      { name: recordsName(job), content: this.lines(job, plugin, outputs) },
      { objects: this.objects, location: job.spec.output, signal, warn: (line) => this.log.warn(line) },
    );
  }

  /** What could not be recorded is done again by the next job, which is a nuisance and no reason to call finished work a failure. */
  async writeIfPossible(job: Job, plugin: JobPlugin, signal: AbortSignal): Promise<void> {
    await this.write(job, plugin, signal).catch((thrown: unknown) => {
      if (signal.aborted) return;
      this.log.warn(
        `What job ${job.id} has done could not be recorded, so the next job does it again: ${messageOf(thrown)}.`,
        { job_id: job.id },
      );
    });
  }

  private async *lines(job: Job, plugin: JobPlugin, outputs: ScratchTable): AsyncIterable<string> {
    let after: string | undefined;
    do {
      const page = await this.store.listTasks(job.id, {
        limit: 100,
        states: ['completed'],
        ...(after !== undefined && { after }),
      });
      const records: DoneRecord[] = [];
      for (const task of page.items) if (!task.carried) records.push(...(await recordsOf(task, job, plugin, outputs)));
      yield records.map((record) => `${JSON.stringify(record)}\n`).join('');
      after = page.next;
    } while (after !== undefined);
  }
}

function carriedCount({ spec, objectsDoneBefore = 0 }: Job): number {
  return spec.skip?.by === 'manifest' ? objectsDoneBefore : 0;
}

/** Only what can be trusted later: the image is known, and every output is there now as it was accepted. */
async function recordsOf(task: Task, job: Job, plugin: JobPlugin, outputs: ScratchTable): Promise<DoneRecord[]> {
  const { manifest } = task;
  if (!manifest?.imageDigest || manifest.unverified) return [];
  const lookUp = await visibleOutputs(
    outputs,
    manifest.entries.flatMap((entry) => entry.outputs.map(({ name }) => name)),
  );
  const sizes = new Map(task.objects.map(({ key, sizeBytes }) => [key, sizeBytes]));
  const groups = groupsOf(task, job, plugin);
  return manifest.entries.flatMap((entry) => {
    const { objectKey: key, etag } = entry;
    const visible = visibleOf(entry, lookUp);
    if (key === undefined || !etag || !visible) return [];
    const group = groups.get(key);
    return [
      {
        schema: 1,
        key,
        etag,
        size_bytes: sizes.get(key) ?? 0,
        input: job.spec.input.bucket,
        outputs: visible,
        ...(entry.record && { record: entry.record }),
        plugin: job.spec.plugin,
        plugin_version: manifest.pluginVersion,
        params: job.spec.params,
        image_digest: manifest.imageDigest,
        ...(group !== undefined && { group }),
        job_id: job.id,
        task_id: task.id,
        attempt: manifest.attempt,
        worker_id: manifest.workerId,
        exit_code: manifest.exitCode,
        duration_ms: manifest.durationMs,
        done_at: new Date(task.endedAt ?? task.createdAt).toISOString(),
      },
    ];
  });
}

function visibleOf(entry: ManifestEntry, lookUp: Awaited<ReturnType<typeof visibleOutputs>>) {
  const visible = entry.outputs.flatMap(({ name, sizeBytes, sha256 }) => {
    const found = lookUp(name);
    return found?.sizeBytes === sizeBytes ? [{ name, size_bytes: sizeBytes, sha256, etag: found.etag }] : [];
  });
  return visible.length > 0 && visible.length === entry.outputs.length ? visible : undefined;
}

/** The digest of the group each object was worked on with, as far as it was in one task. */
function groupsOf(task: Task, job: Job, plugin: JobPlugin): Map<string, string> {
  if (task.group) {
    const digest = groupDigest(task.objects, variablesOf(job.spec.groups?.variables, task.group));
    return new Map(task.objects.map(({ key }) => [key, digest]));
  }
  if (!plugin.layout.groupBy) return new Map();
  const groups = Map.groupBy(
    task.objects,
    (object) => declaredGroup(plugin, pluginObject(job.spec.input, object)) ?? '',
  );
  return new Map(
    [...groups.values()].flatMap((members) => {
      const digest = groupDigest(members);
      return members.map(({ key }): [string, string] => [key, digest]);
    }),
  );
}
