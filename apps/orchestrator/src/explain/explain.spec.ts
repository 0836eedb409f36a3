import { describe, expect, it } from '@jest/globals';
import { failure, type Job } from '@longshore/core';
import { aJob, aTask } from '@longshore/core/testing';
import { explainJob } from './explain-job.js';
import { explainTask } from './explain-task.js';

const now = 1_000_000;
const explained = (job: Job, reasons: Parameters<typeof explainJob>[0]['reasons'] = []): string =>
  explainJob({
    job,
    reasons,
    availableFrom: [],
    longestHeld: undefined,
    workers: [],
    isDrained: false,
    legacy: [],
    awaitsImage: false,
    now,
  }).join('\n');

describe('a job that is explained', () => {
  it('says that its listing goes on only while it may', () => {
    const scan = 'running';
    expect(explained(aJob({ state: 'running', scan }))).toContain('the listing goes on');
    expect(explained(aJob({ state: 'failed', scan }))).toContain('the listing never came to its end');
  });

  it('tells with its dead letters what to do once the place is mended, or the file', () => {
    const dead = [{ code: 'command-failed' as const, tasks: 1, key: 'a.png', example: 'It broke.' }];
    const job = aJob({ state: 'failed' });
    expect(explained(job, dead)).toContain(
      `longshore redrive ${job.id}; where an input was replaced, submit the job again instead.`,
    );
  });
});

describe('a dead letter that is explained', () => {
  const sentences = (code: 'command-failed' | 'input-changed') => {
    const task = aTask({ state: 'dead', fence: 3, failure: failure(code, 'That is why.') });
    return explainTask({ task, job: aJob(), attempts: [], workers: [], isDrained: false, legacy: [], now }).join('\n');
  };

  it('can be redriven', () => {
    expect(sentences('command-failed')).toContain('longshore redrive');
  });

  it('whose object has changed is not sent through a redrive that would find the same', () => {
    expect(sentences('input-changed')).toContain('a job that is submitted now lists it as it is');
    expect(sentences('input-changed')).not.toContain('longshore redrive');
  });
});
