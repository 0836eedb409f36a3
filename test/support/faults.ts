/** Everything that is wrong with a state after an accident. */
import { FolderObjectStore } from '@longshore/adapters/folder';
import { lookAtJob, type Job, type JobStore } from '@longshore/core';
import echo from '@longshore/plugin-echo';
import type { ScriptedWorker } from './scripted-worker.js';

/** Answers that are not true any more, and invariants that do not hold. */
export async function faults(store: JobStore, worker: ScriptedWorker): Promise<string[]> {
  const ground = { store, objects: new FolderObjectStore(), pluginOf: () => echo };
  const { items } = await store.listJobs({ limit: 10 });
  const broken = items.map((job: Job) => lookAtJob(job, ground, { depth: 'content', reports: [] }));
  const violations = (await Promise.all(broken)).flatMap((found) => [...found.values()].flat());
  return [...(await worker.history.lost(store)), ...violations];
}
