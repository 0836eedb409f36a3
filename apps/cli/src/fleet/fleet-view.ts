/** A fleet as people see it: what runs on this machine, and what the orchestrator says of it. */
import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { LongshoreError, type FleetDescription, type FleetMember } from '@longshore/core';
import type { HeldTaskAnswer, WorkerAnswer, WorkerSummary } from '@longshore/core/protocol';
import { lastLines } from '../terminal/job-text.js';

export interface FleetWorkerView {
  worker: string;
  pid: number;
  /** Of the process. */
  process: FleetMember['state'];
  started_at: string;
  log?: string;
  /** What it said last, where it is gone. */
  last_lines?: string[];
  /** What the orchestrator calls it; absent until it has registered, and where nobody could be asked. */
  worker_id?: string;
  state?: WorkerSummary['state'];
  slots?: number;
  /** The tasks it works on. */
  held?: Pick<HeldTaskAnswer, 'task_id' | 'job_id' | 'object_count' | 'file_names' | 'elapsed_seconds'>[];
}

export interface FleetView {
  name: string;
  wanted: number;
  plugin: string;
  slots: number;
  url?: string;
  /** Why nothing is known of what the workers do. */
  unknown?: string;
  workers: FleetWorkerView[];
}

/** What is asked of the orchestrator. */
export interface WorkersClient {
  everyWorker(): AsyncIterable<WorkerSummary>;
  worker(id: string): Promise<WorkerAnswer>;
}

const logTailBytes = 4_096;

/** @param client undefined where nobody knows the address of the orchestrator */
export async function fleetView(fleet: FleetDescription, client: WorkersClient | undefined): Promise<FleetView> {
  const { name, wanted, template } = fleet;
  const { known, unknown } = await workersByName(client, fleet);
  const url = template.environment.LONGSHORE_URL;
  return {
    name,
    wanted,
    plugin: template.plugin,
    slots: template.slots,
    ...(url !== undefined && { url }),
    ...(unknown !== undefined && { unknown }),
    workers: await Promise.all(fleet.members.map((member) => workerView(member, known.get(member.worker)))),
  };
}

async function workerView(member: FleetMember, known: WorkerAnswer | undefined): Promise<FleetWorkerView> {
  const { worker, id, state, startedAt, log } = member;
  return {
    worker,
    pid: Number(id),
    process: state,
    started_at: new Date(startedAt).toISOString(),
    ...(log !== undefined && { log }),
    ...(log !== undefined && state === 'gone' && { last_lines: await lastLinesOf(log) }),
    ...(known && {
      worker_id: known.id,
      state: known.state,
      slots: known.slots,
      held: known.held.map(({ task_id, job_id, object_count, file_names, elapsed_seconds }) => ({
        task_id,
        job_id,
        object_count,
        file_names,
        elapsed_seconds,
      })),
    }),
  };
}

interface Known {
  known: Map<string, WorkerAnswer>;
  unknown?: string;
}

/** A fleet that was taken down and forgotten may have had workers of the same names; those that registered last are meant. */
async function workersByName(client: WorkersClient | undefined, { members }: FleetDescription): Promise<Known> {
  const known = new Map<string, WorkerAnswer>();
  if (!client) return { known, unknown: 'The address of the orchestrator is not known; name it with --url.' };
  const names = new Set(members.map(({ worker }) => worker));
  try {
    const latest = new Map<string, WorkerSummary>();
    for await (const worker of client.everyWorker()) {
      const name = worker.instance?.name;
      if (name === undefined || !names.has(name) || worker.hostname !== hostname()) continue;
      if (worker.registered_at >= (latest.get(name)?.registered_at ?? '')) latest.set(name, worker);
    }
    for (const [name, worker] of latest) {
      known.set(name, worker.held_tasks === 0 ? { ...worker, held: [] } : await client.worker(worker.id));
    }
    return { known };
  } catch (thrown) {
    if (!(thrown instanceof LongshoreError)) throw thrown;
    return { known, unknown: thrown.sentence };
  }
}

async function lastLinesOf(path: string): Promise<string[]> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const tail = Buffer.alloc(Math.min(size, logTailBytes));
    await file.read(tail, 0, tail.length, size - tail.length);
    return lastLines(tail.toString('utf8'));
  } catch {
    return [];
  }
}
