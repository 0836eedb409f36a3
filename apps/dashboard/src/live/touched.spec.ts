import { describe, expect, it } from '@jest/globals';
import type { StreamEvent } from '@longshore/core/protocol';
import { touches } from './touched.js';

const kept = [
  '/jobs?limit=25',
  '/jobs/a',
  '/jobs/a/tasks?limit=50',
  '/jobs/a/failures?limit=5',
  '/jobs/b/tasks?limit=50',
  '/tasks/t/explain',
  '/tasks/u',
  '/workers?limit=50',
  '/analytics/overview',
  '/plugins?limit=100',
];

function touchedBy(event: unknown): string[] {
  return kept.filter((path) => touches(event as StreamEvent, path));
}

describe('an event', () => {
  it('makes old what it tells of, and nothing of other jobs', () => {
    expect(touchedBy({ event: 'job', data: { job_id: 'a' } })).toEqual([
      '/jobs?limit=25',
      '/jobs/a',
      '/jobs/a/failures?limit=5',
      '/analytics/overview',
    ]);
    expect(touchedBy({ event: 'task', data: { job_id: 'a', task_id: 't' } })).toEqual([
      '/jobs/a/tasks?limit=50',
      '/tasks/t/explain',
    ]);
    expect(touchedBy({ event: 'worker', data: { worker_id: 'w' } })).toEqual(['/workers?limit=50']);
  });

  it('makes everything old when what happened meanwhile is not known', () => {
    expect(touchedBy({ event: 'resync', data: { reason: 'too-long-ago' } })).toEqual(kept);
  });
});
