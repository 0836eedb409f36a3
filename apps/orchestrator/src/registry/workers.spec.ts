import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  AssignmentAnswer,
  HeartbeatAnswer,
  PageAnswer,
  WorkerAnswer,
  WorkerSummary,
} from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('workers as people see them', () => {
  let orchestrator: OrchestratorOnFakes;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    orchestrator.putImages('a', 'b', 'c');
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const worker = async (id: string) => (await orchestrator.get<WorkerAnswer>(`/api/v1/workers/${id}`)).body;
  const drain = (id: string) => orchestrator.post<WorkerSummary>(`/api/v1/workers/${id}/drain`);

  it('hold tasks, and it is told which, since when, and for how long they may', async () => {
    const job = await orchestrator.submit({ batching: { maxObjects: 2 }, policy: { timeoutSeconds: 100 } });
    const id = await orchestrator.register();
    const assignment = await orchestrator.assignment(id);
    await orchestrator.acknowledge(id, assignment);
    await orchestrator.clock.advance(3_000);
    const stats = { cpu: 0.5, memory_bytes: 7e9, memory_total_bytes: 8e9, nonsense: 'x', disk_free_bytes: -1 };
    await orchestrator.post(`/heartbeat/${id}`, { assignments: [], stats });
    await orchestrator.clock.advance(1_000);
    expect(await worker(id)).toMatchObject({
      id,
      hostname: 'here',
      plugin: 'echo',
      draining: false,
      silent_seconds: 1,
      held_tasks: 1,
      held_objects: 2,
      held: [
        {
          task_id: assignment.task_id,
          job_id: job.id,
          state: 'leased',
          acknowledged: true,
          file_names: ['in/a', 'in/b'],
          elapsed_seconds: 4,
          lease_seconds_left: 4,
          timeout_seconds_left: 96,
        },
      ],
    });
    expect((await worker(id)).stats).toEqual({ cpu: 0.5, memory_bytes: 7e9, memory_total_bytes: 8e9 });
  });

  it('are listed newest first, by state where one is asked for, page by page', async () => {
    const ids = [await orchestrator.register(), await orchestrator.register(), await orchestrator.register()];
    await orchestrator.post(`/heartbeat/${ids[1]}`, { assignments: [{ assignment_id: 'none.1', fence: 1 }] });
    const list = async (query: string) =>
      (await orchestrator.get<PageAnswer<WorkerSummary>>(`/api/v1/workers?${query}`)).body;
    const first = await list('limit=2');
    const second = await list(`limit=2&after=${first.next}`);
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(second).not.toHaveProperty('next');
    expect((await list('state=processing')).items).toMatchObject([{ id: ids[1] }]);
    expect(await orchestrator.get('/api/v1/workers?state=lazy')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/state' }] },
    });
    expect(await orchestrator.get('/api/v1/workers/nobody')).toMatchObject({ status: 404 });
  });

  it('that are drained finish what they hold, are given no more, and are sent home when they hold nothing', async () => {
    await orchestrator.submit({ batching: { maxObjects: 1 } });
    const id = await orchestrator.register();
    const assignment = await orchestrator.assignment(id);
    expect(await drain(id)).toMatchObject({ status: 200, body: { id, draining: true } });
    expect(await drain(id)).toMatchObject({ status: 200, body: { id, draining: true } });
    const held = [{ assignment_id: assignment.assignment_id, fence: assignment.fence }];
    const beat = await orchestrator.post<HeartbeatAnswer>(`/heartbeat/${id}`, { assignments: held });
    expect(beat.body).toMatchObject({ orders: [], drain: true });
    const ask = async () => (await orchestrator.get<AssignmentAnswer>(`/assignment/${id}?max=2`)).body;
    expect((await ask()).assignments).toMatchObject([{ task_id: assignment.task_id }]);
    await orchestrator.acknowledge(id, assignment);
    expect(await ask()).toEqual({ assignment: null, assignments: [] });
    await orchestrator.finish(id, assignment);
    expect(await ask()).toMatchObject({ assignment: { shutdown: true } });
    expect(await worker(id)).toMatchObject({ draining: true, held: [] });
    const other = await orchestrator.register();
    expect(await orchestrator.assignment(other)).toMatchObject({ file_names: ['in/b'] });
  });

  it('that wait for work hear at once that they are drained', async () => {
    const id = await orchestrator.register();
    const waiting = orchestrator.get<AssignmentAnswer>(`/assignment/${id}?wait=30&max=1`);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await drain(id);
    expect((await waiting).body).toMatchObject({ assignment: { shutdown: true } });
  });
});
