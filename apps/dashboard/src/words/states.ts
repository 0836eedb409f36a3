/** How states are called and what tone they have. Colour is never alone: each tone has its own mark, and the word stands beside it. */
import type { AttemptAnswer, JobAnswer, NotificationAnswer, TaskAnswer, WorkerSummary } from '@longshore/core/protocol';

export type Tone = 'waiting' | 'working' | 'done' | 'held' | 'bad' | 'ended';

export type AnyState =
  | JobAnswer['state']
  | TaskAnswer['state']
  | WorkerSummary['state']
  | AttemptAnswer['outcome']
  | NotificationAnswer['state']
  | 'draining';

export const tones: Record<AnyState, Tone> = {
  pending: 'waiting',
  running: 'working',
  paused: 'held',
  completed: 'done',
  failed: 'bad',
  cancelled: 'ended',
  available: 'waiting',
  leased: 'working',
  accepted: 'working',
  dead: 'bad',
  split: 'ended',
  released: 'held',
  expired: 'held',
  overtaken: 'ended',
  idle: 'waiting',
  processing: 'working',
  unavailable: 'bad',
  'shutting-down': 'ended',
  draining: 'held',
  waiting: 'waiting',
  sent: 'done',
  'given-up': 'bad',
};

export const jobStates = [
  'pending',
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
] as const satisfies JobAnswer['state'][];

export const taskStates = [
  'available',
  'leased',
  'accepted',
  'completed',
  'dead',
  'split',
  'cancelled',
] as const satisfies TaskAnswer['state'][];

export const workerStates = [
  'idle',
  'processing',
  'unavailable',
  'shutting-down',
] as const satisfies WorkerSummary['state'][];

export const noticeStates = ['waiting', 'sent', 'given-up'] as const satisfies NotificationAnswer['state'][];
