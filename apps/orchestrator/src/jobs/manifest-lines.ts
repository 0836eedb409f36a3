/** The manifest of a job, one JSON line for each object that is done. */
import { Injectable } from '@nestjs/common';
import { JobStore, type Job, type ManifestEntry, type Task } from '@longshore/core';
import type { ManifestLine } from '@longshore/core/protocol';

@Injectable()
export class ManifestLines {
  constructor(private readonly store: JobStore) {}

  /** Page by page, so that a job of a million objects costs no more memory than a small one. */
  async *of(job: Job): AsyncIterable<string> {
    let after: string | undefined;
    do {
      const request = { limit: 100, states: ['completed'] as const, ...(after !== undefined && { after }) };
      const page = await this.store.listTasks(job.id, request);
      yield page.items.flatMap((task) => linesOf(task, job)).join('');
      after = page.next;
    } while (after !== undefined);
  }
}

function linesOf(task: Task, job: Job): string[] {
  return (task.manifest?.entries ?? []).map((entry) => `${JSON.stringify(lineOf(entry, task, job))}\n`);
}

function lineOf(entry: ManifestEntry, task: Task, job: Job): ManifestLine {
  const { manifest } = task;
  const { origin } = entry;
  return {
    key: entry.objectKey ?? '',
    etag: entry.etag ?? '',
    outputs: entry.outputs.map(({ name, sizeBytes, sha256 }) => ({
      key: job.spec.output.prefix + name,
      size_bytes: sizeBytes,
      sha256,
    })),
    ...(entry.record && { record: entry.record }),
    ...(origin && { carried_from: origin.jobId }),
    task_id: origin?.taskId ?? task.id,
    attempt: origin?.attempt ?? manifest?.attempt ?? 0,
    worker_id: origin?.workerId ?? manifest?.workerId ?? '',
    image_digest: manifest?.imageDigest ?? '',
    plugin: job.spec.plugin,
    plugin_version: manifest?.pluginVersion ?? '',
    params: job.spec.params,
    duration_ms: origin?.durationMs ?? manifest?.durationMs ?? 0,
    exit_code: origin?.exitCode ?? manifest?.exitCode ?? 0,
    ...(manifest?.unverified && { unverified: true }),
  };
}
