import { describe, expect, it } from '@jest/globals';
import { aJob, aJobSpec, aNewTask, builtAt } from '../testing/builders.js';
import { failure } from '../words/failure.js';
import { defaultJobPolicy } from '../words/job.js';
import { newTaskRecord } from './new-task.js';

describe('a task as it begins', () => {
  it('is available at once, untried, with the budget of its job', () => {
    const spec = aJobSpec({ policy: { ...defaultJobPolicy, maxAttempts: 7 } });
    const planned = aNewTask('task', 40, 3);
    expect(newTaskRecord(aJob({ spec }), planned, builtAt)).toEqual({
      ...planned,
      jobId: 'job',
      state: 'available',
      failedAttempts: 0,
      losses: 0,
      maxAttempts: 7,
      maxLosses: 10,
      fence: 0,
      availableAt: builtAt,
      createdAt: builtAt,
    });
  });

  it('is dead at once where its object was refused, and says why', () => {
    const refusal = failure('name-refused', 'The object ".." is refused.');
    const task = newTaskRecord(aJob(), aNewTask('task', 0, 1, { refusal }), builtAt);
    expect(task).toMatchObject({ state: 'dead', failure: refusal, endedAt: builtAt, fence: 0 });
    expect(task).not.toHaveProperty('refusal');
  });
});
