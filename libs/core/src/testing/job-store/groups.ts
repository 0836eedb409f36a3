/** Groups that a job lists: kept with it, and each of its tasks knows its own. */
import { describe, expect, it } from '@jest/globals';
import type { JobGroup } from '../../groups/job-group.js';
import { groupList } from '../../groups/job-group.js';
import type { JobStore } from '../../ports/job-store.js';
import { aJobSpec, aNewTask, builtAt } from '../builders.js';
import { addTasks, everyTask, lease, type JobStoreSubject } from './subject.js';

export function groupsContract(store: () => JobStore, subject: () => JobStoreSubject): void {
  const groups: JobGroup[] = Array.from({ length: 2_500 }, (_, number) => ({
    variables: { plate: `P${number}`, text: 'ü\n"\'', nested: { list: [number, null] } },
    objects: [`P${number}/*`, { prefix: `Q${number}` }],
  }));

  const reopened = async () => {
    const { reopen } = subject();
    if (reopen) subject().store = await reopen();
  };

  describe('groups', () => {
    it('are as they were given, in their order, and survive the process', async () => {
      const spec = aJobSpec({ groups: groupList(groups, { shared: 1 }) });
      await store().createJob({ id: 'job', spec, createdAt: builtAt, groups });
      expect(await store().groupsOf('job')).toEqual(groups);
      await reopened();
      expect(await store().groupsOf('job')).toEqual(groups);
    });

    it('are none of a job that lists none, or that is not there', async () => {
      await store().createJob({ id: 'job', spec: aJobSpec(), createdAt: builtAt });
      expect([await store().groupsOf('job'), await store().groupsOf('nobody')]).toEqual([[], []]);
    });

    it('stay with their tasks through every change', async () => {
      const group = { number: 2, variables: groups[1]?.variables ?? {} };
      await store().createJob({ id: 'job', spec: aJobSpec(), createdAt: builtAt });
      await store().changeJob('job', (job) => ({ job: { ...job, state: 'running' } }));
      await addTasks(store(), 'job', [aNewTask('task', 0, 3, { group })]);
      expect((await lease(store(), { plugins: ['echo'] }))[0]).toMatchObject({ group });
      await reopened();
      expect(await everyTask(store(), 'job')).toMatchObject([{ id: 'task', group }]);
      expect((await store().insight.taskSummaries('job', { limit: 1 })).items).toMatchObject([{ group }]);
    });
  });
}
