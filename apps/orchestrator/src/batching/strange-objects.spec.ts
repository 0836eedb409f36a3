import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PageAnswer, RedriveAnswer, TaskAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('objects that are none, or not at hand', () => {
  let orchestrator: OrchestratorOnFakes;
  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const dead = async (id: string) =>
    (await orchestrator.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${id}/tasks?state=dead`)).body.items;

  it('F8: skips and counts the empty objects that stand for folders', async () => {
    orchestrator.putImages('a.tif');
    for (const key of ['in/', 'in/folder/', 'in/folder.tif/']) orchestrator.objects.put('images', key, Buffer.alloc(0));
    const job = await orchestrator.submit({ include: ['**'] });
    expect(job).toMatchObject({ objects_listed: 4, objects_skipped: 3, objects: { available: 1, dead: 0 } });
  });

  it('F8: loses nothing that lies in an object named like a folder', async () => {
    orchestrator.putImages('a.tif', 'strange.tif/');
    const job = await orchestrator.submit({ include: ['**'] });
    expect(job).toMatchObject({ objects_skipped: 0, objects: { available: 1, dead: 1 } });
    expect(await dead(job.id)).toMatchObject([
      {
        file_names: ['in/strange.tif/'],
        failure: { code: 'name-refused', message: expect.stringMatching(/slash/) as unknown },
      },
    ]);
  });

  it('F19: sets archived objects aside before anybody tries them, and takes them up when they are restored', async () => {
    orchestrator.putImages('a.tif', 'b.tif', 'c.tif');
    orchestrator.objects.archive('images', 'in/b.tif');
    const job = await orchestrator.submit({ batching: { maxObjects: 3 } });
    const worker = await orchestrator.register();
    const assignment = await orchestrator.assignment(worker);
    expect(assignment.file_names).toEqual(['in/a.tif', 'in/c.tif']);
    await orchestrator.finish(worker, assignment);
    const ended = await orchestrator.jobWhen(job.id, ({ state }) => state === 'failed');
    expect(ended).toMatchObject({ objects: { completed: 2, dead: 1 } });
    expect(await dead(job.id)).toMatchObject([
      { file_names: ['in/b.tif'], fence: 0, failure: { code: 'input-archived' } },
    ]);

    orchestrator.objects.archive('images', 'in/b.tif', false);
    const { body } = await orchestrator.post<RedriveAnswer>(`/api/v1/jobs/${job.id}/redrive`, { reason: 'archived' });
    expect(body).toEqual({ redriven: 1, refused: 0 });
    await orchestrator.finish(worker, await orchestrator.assignment(worker));
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
  });
});
