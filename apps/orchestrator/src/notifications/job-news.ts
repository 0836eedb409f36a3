/** What people are told when a job is over. */
import { formatLocation, type Job, type Notification } from '@longshore/core';
import type { OrchestratorConfig } from '../configuration/orchestrator-config.js';

/** Nothing where the end of the whole run is told: one mail, not one for each job besides. */
export function jobNews(job: Job, { runEnd }: OrchestratorConfig): Notification[] {
  return runEnd.enabled ? [] : [newsOf(job)];
}

function newsOf(job: Job): Notification {
  const { completed, dead } = job.counts.objects;
  const before = job.objectsDoneBefore ?? 0;
  const lines = [
    `${completed} objects are done, ${dead} are set aside, ${job.objectsSkipped} were skipped.`,
    ...(job.objectsUnverified === undefined
      ? []
      : [`${job.objectsUnverified} of those done are so on the word of legacy workers.`]),
    ...(before > 0 ? [`${before} of all were done before this job.`] : []),
    `Results lie in ${formatLocation(job.spec.output)}.`,
    ...(job.failure ? [job.failure.message] : []),
  ];
  return {
    id: `job-ended:${job.id}:${job.endedAt ?? 0}`,
    subject: `Job ${job.id} (${job.spec.plugin}) ${job.state}`,
    text: lines.join(' '),
  };
}
