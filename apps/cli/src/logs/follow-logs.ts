/** Prints the logs of attempts as they end, until the job has ended. */
import { endedJobStates, openTaskStates } from '@longshore/core';
import { changes, type Handful } from '../client/changes.js';
import type { JobsClient } from '../client/jobs-client.js';
import { persistently } from '../client/patience.js';
import type { AttemptReader, WantedAttempts } from './attempt-reader.js';

/** An event comes a quarter of a second after what it tells, so after a second of silence nothing is on its way. */
const rhythm = { leastMs: 250, idleMs: 1_000, pollMs: 2_000 };
/** Looking at all tasks of a job takes no more than a tenth of the time, however large it is. */
const restAfterPass = 10;

export async function followLogs(
  client: JobsClient,
  { jobId, taskId }: WantedAttempts,
  reader: AttemptReader,
  signal: AbortSignal,
): Promise<void> {
  let [isMissing, wasOver] = [true, false];
  let passAt = -Infinity;
  for await (const handful of changes(client.api, jobId, rhythm, signal)) {
    isMissing ||= !tellsAll(handful);
    const isOver = await persistently(() => hasEnded(client, jobId, taskId), signal);
    if (isMissing && (isOver || performance.now() >= passAt)) {
      const began = performance.now();
      isMissing = !handful.connected;
      await persistently(() => reader.pass(signal), signal);
      passAt = performance.now() + restAfterPass * (performance.now() - began);
      if (isOver) return;
    } else {
      const named = tasksOf(handful).filter((id) => (taskId ?? id) === id);
      for (const id of named) await reader.look(id, signal);
      if (wasOver && named.length === 0) return;
    }
    wasOver = isOver;
  }
}

/** Whether each task that has changed is named. */
function tellsAll({ told, connected }: Handful): boolean {
  return (
    connected &&
    !told.some((one) => one.kind === 'event' && (one.event.event === 'tasks' || one.event.event === 'resync'))
  );
}

function tasksOf({ told }: Handful): string[] {
  const ids = told.flatMap((one) =>
    one.kind === 'event' && one.event.event === 'task' ? [one.event.data.task_id] : [],
  );
  return [...new Set(ids)];
}

async function hasEnded(client: JobsClient, jobId: string, taskId: string | undefined): Promise<boolean> {
  if (taskId !== undefined) {
    const { state } = await client.tasks.task(taskId);
    return state !== 'dead' && !openTaskStates.includes(state)
      ? true
      : endedJobStates.includes((await client.job(jobId)).state);
  }
  return endedJobStates.includes((await client.job(jobId)).state);
}
