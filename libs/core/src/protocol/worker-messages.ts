/** Workers as people see them. */
import 'reflect-metadata';
import { IsIn, IsOptional } from 'class-validator';
import type { TaskSummary } from '../words/task-summary.js';
import { workerStates, type Worker, type WorkerInstance, type WorkerState, type WorkerStats } from '../words/worker.js';
import { isoTime } from './iso-time.js';
import { PageQuery } from './job-messages.js';
import { namesShown } from './task-messages.js';

export class WorkerPageQuery extends PageQuery {
  @IsOptional() @IsIn(workerStates) state?: WorkerState;
}

/** What a worker told of its machine with its last heartbeat. */
export interface WorkerStatsAnswer {
  /** Share of all its processor cores that is in use, 0 to 1. */
  cpu?: number;
  memory_bytes?: number;
  memory_total_bytes?: number;
  /** Free on the disk of its workspaces. */
  disk_free_bytes?: number;
}

export interface WorkerInstanceAnswer extends Omit<WorkerInstance, 'memoryBytes'> {
  memory_bytes?: number;
}

/** A task that a worker holds. */
export interface HeldTaskAnswer {
  task_id: string;
  job_id: string;
  state: 'leased' | 'accepted';
  attempt: number;
  object_count: number;
  /** The first twenty of its objects. */
  file_names: string[];
  leased_at: string;
  acknowledged: boolean;
  elapsed_seconds: number;
  /** Until it is taken back, unless the lease is renewed. */
  lease_seconds_left: number;
  /** Until the command has run as long as the job allows. */
  timeout_seconds_left: number;
}

export interface WorkerSummary {
  id: string;
  hostname: string;
  plugin?: string;
  capabilities: string[];
  slots: number;
  state: WorkerState;
  /** True once it was told to drain: it finishes what it has and takes no more. */
  draining: boolean;
  /** It came without a token, as workers of the original system do. */
  legacy: boolean;
  registered_at: string;
  last_seen_at: string;
  /** Since it was last heard of. */
  silent_seconds: number;
  /** What it runs on, as far as it found out. */
  instance?: WorkerInstanceAnswer;
  stats?: WorkerStatsAnswer;
  /** The last status it sent that means nothing here, as a worker of the original system may. */
  status_text?: string;
  /** Why it left, once it has. */
  farewell?: string;
  held_tasks: number;
  held_objects: number;
}

export interface WorkerAnswer extends WorkerSummary {
  held: HeldTaskAnswer[];
}

export function workerSummary(worker: Worker, held: readonly TaskSummary[], now: number): WorkerSummary {
  return {
    id: worker.id,
    hostname: worker.hostname,
    ...(worker.plugin !== undefined && { plugin: worker.plugin }),
    capabilities: worker.capabilities,
    slots: worker.slots,
    state: worker.state,
    draining: worker.draining ?? false,
    legacy: worker.legacy ?? false,
    registered_at: isoTime(worker.registeredAt),
    last_seen_at: isoTime(worker.lastSeenAt),
    silent_seconds: seconds(Math.max(0, now - worker.lastSeenAt)),
    ...(worker.instance && { instance: instanceAnswer(worker.instance) }),
    ...(worker.stats && { stats: statsAnswer(worker.stats) }),
    ...(worker.statusText !== undefined && { status_text: worker.statusText }),
    ...(worker.farewell !== undefined && { farewell: worker.farewell }),
    held_tasks: held.length,
    held_objects: held.reduce((sum, { objectCount }) => sum + objectCount, 0),
  };
}

export function heldTaskAnswer(task: TaskSummary, timeoutSeconds: number, now: number): HeldTaskAnswer {
  const { leasedAt = now, acknowledgedAt, expiresAt = now } = task.lease ?? {};
  return {
    task_id: task.id,
    job_id: task.jobId,
    state: task.state === 'accepted' ? 'accepted' : 'leased',
    attempt: task.fence,
    object_count: task.objectCount,
    file_names: namesShown(task.firstKeys),
    leased_at: isoTime(leasedAt),
    acknowledged: acknowledgedAt !== undefined,
    elapsed_seconds: seconds(Math.max(0, now - leasedAt)),
    lease_seconds_left: seconds(Math.max(0, expiresAt - now)),
    timeout_seconds_left: Math.max(0, timeoutSeconds - seconds(now - (acknowledgedAt ?? leasedAt))),
  };
}

function instanceAnswer({ memoryBytes, ...facts }: WorkerInstance): WorkerInstanceAnswer {
  return { ...facts, ...(memoryBytes !== undefined && { memory_bytes: memoryBytes }) };
}

function statsAnswer({ cpu, memoryBytes, memoryTotalBytes, diskFreeBytes }: WorkerStats): WorkerStatsAnswer {
  return {
    ...(cpu !== undefined && { cpu }),
    ...(memoryBytes !== undefined && { memory_bytes: memoryBytes }),
    ...(memoryTotalBytes !== undefined && { memory_total_bytes: memoryTotalBytes }),
    ...(diskFreeBytes !== undefined && { disk_free_bytes: diskFreeBytes }),
  };
}

/** What a heartbeat tells; what is no number, or no such thing, is left out. */
export function readStats(told: Record<string, unknown> | undefined): WorkerStats | undefined {
  const number = (name: string): number | undefined => {
    const value = told?.[name];
    return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const known = {
    cpu: number('cpu'),
    memoryBytes: number('memory_bytes'),
    memoryTotalBytes: number('memory_total_bytes'),
    diskFreeBytes: number('disk_free_bytes'),
  };
  const stats = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined));
  return Object.keys(stats).length > 0 ? stats : undefined;
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
