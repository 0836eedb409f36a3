/** What must hold at the end of every simulated job, whatever happened on the way. */
import { createHash } from 'node:crypto';
import {
  endedJobStates,
  manifestOutputs,
  type Attempt,
  type JobPlugin,
  type JobStore,
  type Task,
} from '@longshore/core';
import type { MemoryObjectStore } from '@longshore/core/testing';
import type { ContainerRun } from './worker.js';

export interface End {
  store: JobStore;
  objects: MemoryObjectStore;
  plugin: JobPlugin;
  /** Names of all objects. */
  names: readonly string[];
  runs: readonly (ContainerRun & { excused?: true })[];
}

export async function checkEnd(end: End): Promise<string[]> {
  const { items: tasks } = await end.store.listTasks('job', { limit: 500 });
  const attempts = new Map<string, Attempt[]>();
  for (const { id } of tasks) attempts.set(id, await end.store.listAttempts(id));
  return [
    ...(await jobFaults(end)),
    ...everyObjectOnce(tasks, end.names),
    ...onlyTheGuiltyAreDead(tasks),
    ...tasks.flatMap((task) => attemptFaults(task, attempts.get(task.id) ?? [])),
    ...outputFaults(tasks, end.objects),
    ...overlaps(tasks, end.runs),
  ];
}

async function jobFaults({ store }: End): Promise<string[]> {
  const job = await store.findJob('job');
  return job && endedJobStates.includes(job.state) ? [] : [`I10: the job is ${job?.state} at the end`];
}

function everyObjectOnce(tasks: readonly Task[], names: readonly string[]): string[] {
  const held = tasks.filter(({ state }) => state !== 'split').flatMap(({ objects }) => objects.map(({ key }) => key));
  const wrong = names.filter((name) => held.filter((key) => key === `in/${name}`).length !== 1);
  const open = tasks.filter(({ state }) => !['completed', 'dead', 'split'].includes(state));
  return [
    ...wrong.map((name) => `I1: ${name} is not in exactly one task`),
    ...open.map(({ id, state }) => `I1: task ${id} is ${state} at the end`),
  ];
}

/** An innocent object may be dead too, but only after it was lost as often as its task allows. */
function onlyTheGuiltyAreDead(tasks: readonly Task[]): string[] {
  return tasks
    .filter(({ state }) => state === 'dead')
    .flatMap(({ id, objects, losses, maxLosses, failure }) => {
      const guilty = objects.some(({ key }) => key.includes('poison'));
      if (guilty || losses >= maxLosses) return [];
      return [
        `task ${id} of ${objects.map(({ key }) => key).join(', ')} is dead: ${failure?.code} after ${losses} losses`,
      ];
    });
}

function attemptFaults(task: Task, attempts: readonly Attempt[]): string[] {
  const faults: string[] = [];
  const numbers = attempts.map(({ number }) => number);
  if (numbers.some((number, index) => number !== index + 1) || numbers.length !== task.fence) {
    faults.push(`I4: task ${task.id} has attempts ${numbers.join(', ')} and fence ${task.fence}`);
  }
  const completed = attempts.filter(({ outcome }) => outcome === 'completed');
  const expected = task.state === 'completed' ? [task.fence] : [];
  if (completed.map(({ number }) => number).join() !== expected.join()) {
    faults.push(`I2: task ${task.id} is ${task.state} with ${completed.length} completed attempts`);
  }
  if (attempts.some(({ outcome }) => outcome === 'running')) faults.push(`task ${task.id} still has a running attempt`);
  if (task.failedAttempts > task.maxAttempts || task.losses > task.maxLosses) {
    faults.push(`I5: task ${task.id} has overdrawn its budgets`);
  }
  return faults;
}

function outputFaults(tasks: readonly Task[], objects: MemoryObjectStore): string[] {
  const promised = new Map(
    tasks
      .flatMap(({ manifest, state }) => (manifest && state === 'completed' ? manifestOutputs(manifest) : []))
      .map(({ name, sha256 }) => [`out/${name}`, sha256]),
  );
  const visible = objects.keys('results');
  const wrong = [...promised].filter(([key, sha256]) => hashOf(objects.content('results', key)) !== sha256);
  return [
    ...wrong.map(([key]) => `I6: ${key} is not what was accepted`),
    ...visible.filter((key) => !promised.has(key)).map((key) => `I6: ${key} is visible and nobody accepted it`),
    ...(objects.stagedCount > 0 ? [`I6: ${objects.stagedCount} staged outputs are left`] : []),
  ];
}

function hashOf(content: Buffer | undefined): string | undefined {
  return content && createHash('sha256').update(content).digest('hex');
}

/** Two workers that can be reached, or can tell the time, never work on the same task at once. */
function overlaps(tasks: readonly Task[], runs: End['runs']): string[] {
  const raced = new Set(tasks.filter(({ secondRun }) => secondRun).map(({ id }) => id));
  const byTask = Map.groupBy(
    runs.filter(({ excused, taskId }) => !excused && !raced.has(taskId)),
    ({ taskId }) => taskId,
  );
  return [...byTask].flatMap(([taskId, ofTask]) =>
    ofTask.flatMap((one, index) =>
      ofTask
        .slice(index + 1)
        .filter((other) => one.from < other.to && other.from < one.to)
        .map((other) => `B2: ${one.worker} and ${other.worker} worked on task ${taskId} at the same time`),
    ),
  );
}
