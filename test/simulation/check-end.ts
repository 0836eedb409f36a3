/** What must hold at the end of every simulated job, whatever happened on the way. */
import { brokenInvariants, endedJobStates, type JobPlugin, type JobStore, type Task } from '@longshore/core';
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
  return [
    ...(await jobFaults(end)),
    ...(await brokenPromises(end)),
    ...everyObjectSettled(tasks, end.names),
    ...onlyTheGuiltyAreDead(tasks),
    ...overlaps(tasks, end.runs),
  ];
}

async function brokenPromises({ store, objects, plugin }: End): Promise<string[]> {
  const ground = { store, objects, pluginOf: () => plugin };
  const broken = await brokenInvariants('job', ground, { depth: 'content', reports: [] });
  const left = objects.stagedCount > 0 ? [`I6: ${objects.stagedCount} staged outputs are left`] : [];
  return [...broken].flatMap(([id, sentences]) => sentences.map((sentence) => `${id}: ${sentence}`)).concat(left);
}

async function jobFaults({ store }: End): Promise<string[]> {
  const job = await store.findJob('job');
  return job && endedJobStates.includes(job.state) ? [] : [`I10: the job is ${job?.state} at the end`];
}

function everyObjectSettled(tasks: readonly Task[], names: readonly string[]): string[] {
  const over = tasks.filter(({ state }) => state === 'completed' || state === 'dead' || state === 'cancelled');
  const keys = new Set(over.flatMap(({ objects }) => objects.map(({ key }) => key)));
  return names
    .filter((name) => !keys.has(`in/${name}`))
    .map((name) => `I1: ${name} is neither done, nor dead, nor cancelled`);
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

/** Two workers that can be reached, or can tell the time, never work on the same task at once. */
function overlaps(tasks: readonly Task[], runs: End['runs']): string[] {
  const raced = new Set(tasks.filter(({ secondRun }) => secondRun).map(({ id }) => id));
  const byTask = Map.groupBy(
    // Whoever wakes up with a lease that is over meanwhile ends in the moment it begins, and has run nothing.
    runs.filter(({ excused, taskId, from, to }) => !excused && !raced.has(taskId) && to > from),
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
