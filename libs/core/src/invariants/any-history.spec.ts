import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyHistory, History } from '../testing/job-store/random-history.js';
import { runningJob } from '../testing/job-store/subject.js';
import { MemoryJobStore } from '../testing/memory-job-store.js';
import { MemoryObjectStore } from '../testing/memory-object-store.js';
import { aPlugin } from '../testing/builders.js';
import { lookAtJob } from './check-invariants.js';

describe('the invariants', () => {
  it('I1 I2 I4 I5 I7 I11: hold after every step of any history that the rules allow', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, async (steps) => {
        const store = new MemoryJobStore();
        const history = new History(store, await runningJob(store, 'job'));
        const ground = { store, objects: new MemoryObjectStore(), pluginOf: () => aPlugin() };
        for (const step of steps) {
          await history.take(step);
          expect(await lookAtJob((await store.findJob('job'))!, ground, { depth: 'none' })).toEqual(new Map());
        }
      }),
      { numRuns: 200 },
    );
  });
});
