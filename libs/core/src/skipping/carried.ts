/** Results of earlier jobs as part of a new one: a task that begins completed. */
import type { Manifest, ManifestEntry } from '../words/manifest.js';
import type { DoneRecord } from './done-record.js';

/** @param records of objects that are done by the same image and plugin version; at least one */
export function carriedManifest(records: readonly DoneRecord[]): Manifest {
  const [first] = records;
  return {
    entries: records.map(carriedEntry),
    imageDigest: first?.image_digest ?? '',
    pluginVersion: first?.plugin_version ?? '',
    exitCode: 0,
    durationMs: 0,
    attempt: 0,
    workerId: '',
  };
}

function carriedEntry(record: DoneRecord): ManifestEntry {
  return {
    objectKey: record.key,
    etag: record.etag,
    // Nothing of it is staged any more, so there is nothing to find again.
    outputs: record.outputs.map(({ name, size_bytes: sizeBytes, sha256 }) => ({ name, sizeBytes, sha256, token: '' })),
    ...(record.record && { record: record.record }),
    origin: {
      jobId: record.job_id,
      taskId: record.task_id,
      attempt: record.attempt,
      workerId: record.worker_id,
      exitCode: record.exit_code,
      durationMs: record.duration_ms,
    },
  };
}
