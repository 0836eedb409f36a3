/** Events in words. */
import type { TaskEvent } from '@longshore/core/protocol';
import type { Told } from '../client/job-events.js';

export function newsOf(told: Told): string[] {
  if (told.kind === 'lost') return ['connection lost'];
  if (told.kind === 'connected') return [];
  const { event, data } = told.event;
  switch (event) {
    case 'task':
      // What happened stands first, for a narrow terminal cuts the rest.
      return [`${taskNews(data)}: task ${data.task_id}`];
    case 'tasks':
      return [`${data.count} tasks changed`];
    case 'resync':
      return ['some events were missed'];
    default:
      return [];
  }
}

function taskNews({ state, attempt }: TaskEvent): string {
  switch (state) {
    case 'leased':
      return `running, attempt ${attempt}`;
    case 'accepted':
      return 'publishing';
    case 'completed':
      return 'done';
    case 'available':
      return attempt === 0 ? 'waiting' : `waiting again after attempt ${attempt}`;
    case 'dead':
      return `set aside after attempt ${attempt}`;
    case 'split':
      return 'split into parts';
    case 'cancelled':
      return 'cancelled';
  }
}
