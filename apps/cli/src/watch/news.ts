/** Events in words. */
import type { TaskEvent } from '@longshore/core/protocol';
import type { Told } from '../client/job-events.js';
import { printable } from '../terminal/job-text.js';

export function newsOf(told: Told): string[] {
  if (told.kind === 'lost') return ['connection lost'];
  if (told.kind === 'connected') return [];
  const { event, data } = told.event;
  switch (event) {
    case 'task':
      return [`task ${data.task_id} ${taskNews(data)}`];
    case 'tasks':
      return [`${data.count} tasks changed`];
    case 'resync':
      return ['some events were missed'];
    default:
      return [];
  }
}

function taskNews({ state, attempt, worker_id: worker }: TaskEvent): string {
  switch (state) {
    case 'leased':
      return `runs, attempt ${attempt}${worker === undefined ? '' : `, on worker ${printable(worker)}`}`;
    case 'accepted':
      return 'has its result, which is being published';
    case 'completed':
      return 'is done';
    case 'available':
      return attempt === 0 ? 'waits' : `waits for another try after attempt ${attempt}`;
    case 'dead':
      return `is set aside after attempt ${attempt}`;
    case 'split':
      return 'goes on in parts';
    case 'cancelled':
      return 'is cancelled';
  }
}
