/** Which answers an event makes old. */
import type { StreamEvent } from '@longshore/core/protocol';
import { segment } from '../words/address.js';

/** @returns whether the answer that is kept under a path is old now */
export function touches({ event, data }: StreamEvent, path: string): boolean {
  switch (event) {
    case 'job':
      // Most of the job came with the event.
      return (
        path === `/jobs/${segment(data.job_id)}` ||
        path.startsWith('/jobs?') ||
        path.startsWith('/analytics') ||
        ['/analytics', '/explain', '/failures', '/dead-letters', '/reports'].some((part) =>
          isAt(path, data.job_id, part),
        )
      );
    case 'task':
      return path.startsWith(`/tasks/${segment(data.task_id)}`) || isAt(path, data.job_id, '/tasks');
    case 'tasks':
      return path.startsWith('/tasks/') || isAt(path, data.job_id, '/tasks');
    case 'worker':
      return path.startsWith('/workers');
    case 'resync':
      return true;
  }
}

function isAt(path: string, jobId: string, part: string): boolean {
  return path.startsWith(`/jobs/${segment(jobId)}${part}`);
}
