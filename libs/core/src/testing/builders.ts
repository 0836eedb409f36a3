/** Small things to test with: each builder gives something ordinary, and takes what a test wants to be different. */
import { exampleNews } from '../news/examples.js';
import type { Notice } from '../news/news.js';
import type { Notification } from '../ports/notifier.js';
import type { AccessToken } from '../access/access-token.js';
import { hashOfSecret } from '../access/token-secret.js';
import { emptyCounts } from '../lifecycle/job-rules.js';
import { grantLease } from '../lifecycle/lease-rules.js';
import type { JobPlugin, StorageLayout } from '../plugin/job-plugin.js';
import type { DoneRecord } from '../skipping/done-record.js';
import { defaultJobPolicy, type Job, type JobSpec } from '../words/job.js';
import { relativeKey } from '../words/location.js';
import type { Manifest, ReportedManifest, StagedOutput } from '../words/manifest.js';
import type { ObjectRef } from '../words/object-ref.js';
import type { NewTask, Task } from '../words/task.js';
import type { Worker } from '../words/worker.js';

/** The time at which things that are built begin. */
export const builtAt = Date.UTC(2026, 0, 1);

/** A job that echoes `s3://images/in/` to `s3://results/out/`. */
export function aJobSpec(changes: Partial<JobSpec> = {}): JobSpec {
  return {
    plugin: 'echo',
    pluginVersion: '1.0.0',
    params: {},
    input: { bucket: 'images', prefix: 'in/' },
    output: { bucket: 'results', prefix: 'out/' },
    include: ['**'],
    exclude: [],
    batching: { maxObjects: 10 },
    policy: defaultJobPolicy,
    ...changes,
  };
}

/** A plugin that makes one output of each object: its own name, and `.out`. */
export function aPlugin(layout: Partial<StorageLayout> = {}, changes: Partial<JobPlugin> = {}): JobPlugin {
  return {
    name: 'echo',
    version: '1.0.0',
    summary: 'Echoes',
    params: class {},
    container: {
      image: 'busybox:1.36',
      name: 'echo',
      lifecycle: 'long-lived',
      mounts: { inputs: '/inputs', outputs: '/outputs' },
      resources: { cpus: 1, memory: '64MiB', pids: 32 },
      network: 'none',
    },
    layout: { include: ['**'], exclude: [], outputs: ({ relativeKey }) => [`${relativeKey}.out`], ...layout },
    command: () => ['true'],
    ...changes,
  };
}

/** A job that has just been submitted. */
export function aJob(changes: Partial<Job> = {}): Job {
  return {
    id: 'job',
    spec: aJobSpec(),
    state: 'pending',
    scan: 'pending',
    objectsListed: 0,
    objectsSkipped: 0,
    counts: { tasks: emptyCounts(), objects: emptyCounts(), bytes: emptyCounts() },
    createdAt: builtAt,
    ...changes,
  };
}

export function anObject(key: string, changes: Partial<ObjectRef> = {}): ObjectRef {
  return { key, sizeBytes: 100, etag: `"${key}"`, ...changes };
}

/** Objects as a listing shows them, from the ordinal `first` on. */
export function someObjects(count: number, first = 0): ObjectRef[] {
  return Array.from({ length: count }, (_, index) => anObject(`in/object-${String(first + index).padStart(6, '0')}`));
}

/** A task as the planner cuts it: so many objects from this position of the listing on. */
export function aNewTask(id: string, position: number, objects = 1, changes: Partial<NewTask> = {}): NewTask {
  return { id, position, objects: someObjects(objects, position), ...changes };
}

/** A task that waits to be leased. */
export function aTask(changes: Partial<Task> = {}): Task {
  return {
    id: 'task',
    jobId: 'job',
    position: 0,
    state: 'available',
    objects: someObjects(1),
    failedAttempts: 0,
    losses: 0,
    maxAttempts: defaultJobPolicy.maxAttempts,
    maxLosses: defaultJobPolicy.maxLosses,
    fence: 0,
    availableAt: builtAt,
    createdAt: builtAt,
    ...changes,
  };
}

/** A task that the worker `worker` holds since a moment ago, for 30 seconds. */
export function aLeasedTask(changes: Partial<Task> = {}): Task {
  const lease = { assignmentId: 'assignment', workerId: 'worker', now: builtAt, leaseMs: 30_000 };
  return { ...grantLease(aTask(), lease), ...changes };
}

export function aStagedOutput(name: string, changes: Partial<StagedOutput> = {}): StagedOutput {
  return { name, sizeBytes: 10, sha256: 'ab'.repeat(32), token: `staged ${name}`, ...changes };
}

/** The manifest of an attempt that wrote what `aPlugin` declares. */
export function aManifest(task: Pick<Task, 'objects'>, changes: Partial<ReportedManifest> = {}): ReportedManifest {
  const { input } = aJobSpec();
  return {
    entries: task.objects.map(({ key, etag }) => ({
      objectKey: key,
      etag,
      outputs: [aStagedOutput(`${relativeKey(input, key)}.out`)],
    })),
    imageDigest: `sha256:${'cd'.repeat(32)}`,
    pluginVersion: '1.0.0',
    exitCode: 0,
    durationMs: 1_234,
    ...changes,
  };
}

/** The same, as it is stored once it was accepted. */
export function anAcceptedManifest(task: Pick<Task, 'objects'>, changes: Partial<Manifest> = {}): Manifest {
  return { ...aManifest(task), attempt: 1, workerId: 'worker', ...changes };
}

/** What was left of the object `in/a`, which `aPlugin` worked on in `aJobSpec`. */
export function aDoneRecord(changes: Partial<DoneRecord> = {}): DoneRecord {
  const key = changes.key ?? 'in/a';
  return {
    schema: 1,
    key,
    etag: `"${key}"`,
    size_bytes: 100,
    input: 'images',
    outputs: [
      { name: `${relativeKey(aJobSpec().input, key)}.out`, size_bytes: 10, sha256: 'ab'.repeat(32), etag: '"out"' },
    ],
    plugin: 'echo',
    plugin_version: '1.0.0',
    params: {},
    image_digest: `sha256:${'cd'.repeat(32)}`,
    job_id: 'earlier',
    task_id: 'task of earlier',
    attempt: 1,
    worker_id: 'worker',
    exit_code: 0,
    duration_ms: 1_234,
    done_at: new Date(builtAt).toISOString(),
    ...changes,
  };
}

/** A token of an admin, whose secret is `secret of <id>`. */
export function aToken(changes: Partial<AccessToken> = {}): AccessToken {
  const { id = 'token' } = changes;
  return {
    id,
    role: 'admin',
    secrets: [{ hash: hashOfSecret(`secret of ${id}`) }],
    createdAt: builtAt,
    uses: 0,
    ...changes,
  };
}

export function aWorker(changes: Partial<Worker> = {}): Worker {
  return {
    id: 'worker',
    hostname: 'machine',
    capabilities: [],
    slots: 1,
    state: 'idle',
    registeredAt: builtAt,
    lastSeenAt: builtAt,
    ...changes,
  };
}

export function aNotice(id: string, changes: Partial<Notice> = {}): Notice {
  return { id, channel: 'mail', news: exampleNews('job-completed', id, builtAt), ...changes };
}

export function aNotification(changes: Partial<Notification> = {}): Notification {
  const { id = 'job-completed:1', subject = 'Job 1 completed', text = 'All is well.' } = changes;
  const html = `<p>${text.replaceAll('<', '&lt;')}</p>`;
  return { id, subject, text, html, news: exampleNews('job-completed', id, builtAt), ...changes };
}
