import { describe, expect, it } from '@jest/globals';
import { workerStates } from '@longshore/core';
import { workerSummary, type WorkerSummary } from '@longshore/core/protocol';
import { aWorker } from '@longshore/core/testing';
import { workforceOf } from './snapshot.js';

async function* everyWorker(): AsyncIterable<WorkerSummary> {
  for (const state of workerStates) {
    const worker = aWorker({ id: state, plugin: 'echo', capabilities: ['echo'], slots: 2, state });
    yield await Promise.resolve(workerSummary(worker, [], 0));
  }
}

describe('who can work on a job', () => {
  it('is neither a worker that was lost nor one that leaves', async () => {
    expect(await workforceOf(everyWorker(), 'echo')).toMatchObject({ workers: 2, slots: 4 });
    expect(await workforceOf(everyWorker(), 'other')).toMatchObject({ workers: 0 });
  });
});
