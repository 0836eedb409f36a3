/** How everything stands, read from what is counted already and from small tables: no task is looked at. */
import type { DatabaseSync } from 'node:sqlite';
import { workerGroups, type VitalSigns, type Worker } from '@longshore/core';

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

export function readVitalSigns(database: DatabaseSync, workers: readonly Worker[]): VitalSigns {
  const { waitingTasks, running, listed, waiting, failing } = database.prepare(others).get() as Record<string, number>;
  return {
    waitingTasks: waitingTasks ?? 0,
    scans: { running: running ?? 0, objectsListed: listed ?? 0 },
    workers: workerGroups(workers),
    outbox: { waiting: waiting ?? 0, failing: failing ?? 0 },
  };
}
