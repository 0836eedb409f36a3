/** The life of tasks in a store, compared with a model of it after any commands in any order. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JobStore } from '../../ports/job-store.js';
import { defaultJobPolicy } from '../../words/job.js';
import type { Task } from '../../words/task.js';
import { aJobSpec, builtAt } from '../builders.js';
import { countsOf, everyTask, expectInsight, runningJob } from './subject.js';
import { anyTaskCommands, type Real } from './task-commands.js';
import type { Model, ModelTask } from './task-model.js';

const budgets = { maxAttempts: 2, maxLosses: 3 };

export function lifeCycleModelContract(store: () => JobStore): void {
  let jobs = 0;
  const begin = async (): Promise<{ model: Model; real: Real }> => {
    jobs += 1;
    const spec = aJobSpec({ plugin: `model-${jobs}`, policy: { ...defaultJobPolicy, ...budgets } });
    const job = await runningJob(store(), `model-${jobs}`, { spec });
    return {
      model: { tasks: [], accepted: new Map(), ...budgets },
      real: { store: store(), job, now: builtAt, listed: 0 },
    };
  };
  const seen = (task: Task): ModelTask => ({
    id: task.id,
    position: task.position,
    keys: task.objects.map(({ key }) => key),
    state: task.state,
    fence: task.fence,
    failed: task.failedAttempts,
    lost: task.losses,
    mayFail: task.maxAttempts,
    mayLose: task.maxLosses,
    worker: task.lease?.workerId,
  });
  const byId = (tasks: ModelTask[]) => tasks.toSorted((one, other) => (one.id < other.id ? -1 : 1));

  describe('a life of any commands', () => {
    it('I2 I4 I5: goes as the model says: late and strange reports change nothing, and one attempt at most is accepted', async () => {
      await fc.assert(
        fc.asyncProperty(anyTaskCommands, async (commands) => {
          const { model, real } = await begin();
          await fc.asyncModelRun(() => ({ model, real }), commands);
          const tasks = await everyTask(store(), real.job.id);
          expect(byId(tasks.map(seen))).toEqual(byId(model.tasks.map((task) => ({ worker: undefined, ...task }))));
          expect((await store().findJob(real.job.id))?.counts).toEqual(countsOf(tasks));
          await expectInsight(store(), real.job.id, tasks);
          for (const { id, state, fence } of tasks) {
            if (state === 'accepted' || state === 'completed') expect(model.accepted.get(id)).toBe(fence);
          }
        }),
        { numRuns: 60 },
      );
    });
  });
}
