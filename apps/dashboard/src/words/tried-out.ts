/** The events that people are told of, and what came of an example of one. */
import type { NotificationAnswer, TestNotificationAnswer } from '@longshore/core/protocol';
import { counted } from './quantities.js';

type Event = NotificationAnswer['event'];

/** Whether an example can be asked for; a record, so that the compiler misses none. */
const isTold: Record<Event, boolean> = {
  'job-completed': true,
  'job-failed': true,
  'job-cancelled': true,
  'job-paused': true,
  'threshold-passed': true,
  'no-workers': true,
  'run-ended': true,
  'not-shut-down': true,
  // An earlier version has left it in the outbox; nothing new is.
  earlier: false,
};

export const toldEvents = (Object.keys(isTold) as Event[]).filter((event) => isTold[event]);

export function triedOut({ event, channels }: TestNotificationAnswer): string {
  const failed = channels.filter(({ sent }) => !sent).length;
  const took = `${counted(channels.length - failed, 'channel')} took the example of ${event}`;
  return failed === 0 ? `${took}.` : `${took}, ${counted(failed, 'channel')} did not.`;
}
