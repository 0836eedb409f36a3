/** How everything stands, read from what is counted already and from small tables: no task is looked at. */
import type { DatabaseSync } from 'node:sqlite';
import { workerStates, type VitalSigns, type WorkerGroup, type WorkerState } from '@longshore/core';

/** Rows that cannot be read are nobody's. */
const workerGroups = `
  SELECT body ->> '$.state' AS state, count(*) AS count, sum(coalesce(body ->> '$.slots', 1)) AS slots,
    min(body ->> '$.stats.diskFreeBytes') AS diskFreeBytes
  FROM workers WHERE json_valid(body) GROUP BY 1`;

const others = `
  WITH scanning AS (
    SELECT body FROM jobs WHERE state IN ('pending', 'running') AND json_valid(body) AND body ->> '$.scan' <> 'done')
  SELECT
    (SELECT coalesce(sum(c.tasks), 0) FROM jobs j JOIN job_counts c ON c.job_id = j.id AND c.state = 'available'
      WHERE j.state = 'running') AS waitingTasks,
    (SELECT count(*) FROM scanning) AS running,
    (SELECT coalesce(sum(body ->> '$.objectsListed'), 0) FROM scanning) AS listed,
    (SELECT count(*) FROM notices WHERE state = 'waiting') AS waiting,
    (SELECT count(*) FROM notices WHERE state = 'waiting' AND failures > 0) AS failing`;

export function readVitalSigns(database: DatabaseSync): VitalSigns {
  const { waitingTasks, running, listed, waiting, failing } = database.prepare(others).get() as Record<string, number>;
  const groups = database.prepare(workerGroups).all() as Record<string, unknown>[];
  return {
    waitingTasks: waitingTasks ?? 0,
    scans: { running: running ?? 0, objectsListed: listed ?? 0 },
    workers: groups.flatMap((row) => readGroup(row) ?? []),
    outbox: { waiting: waiting ?? 0, failing: failing ?? 0 },
  };
}

function readGroup({ state, count, slots, diskFreeBytes }: Record<string, unknown>): WorkerGroup | undefined {
  if (!workerStates.includes(state as WorkerState)) return undefined;
  return {
    state: state as WorkerState,
    count: Number(count),
    slots: Number(slots),
    ...(typeof diskFreeBytes === 'number' && { diskFreeBytes }),
  };
}
