import { describe, expect, it } from '@jest/globals';
import type { AssignmentAnswer, PageAnswer, TaskAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

const count = 50;

describe('fifty workers whose machines are taken away in the same second', () => {
  it('G5: give everything back, and others have it within ten seconds, without an attempt spent', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    orchestrator.putImages(...Array.from({ length: count }, (_, number) => `image-${number}`));
    const job = await orchestrator.submit({ batching: { maxObjects: 1 } });
    const workers = await Promise.all(Array.from({ length: count }, () => orchestrator.register()));
    const held = await Promise.all(
      workers.map(async (worker) => {
        const assignment = await orchestrator.assignment(worker);
        await orchestrator.acknowledge(worker, assignment);
        return { worker, assignment };
      }),
    );
    const heir = await orchestrator.register();
    const waiting = orchestrator.get<AssignmentAnswer>(`/assignment/${heir}?wait=20&max=${count}`);

    const before = performance.now();
    const answers = await Promise.all(
      held.map(async ({ worker, assignment }) => {
        const { status } = await orchestrator.report(worker, 'released', assignment, { reason: 'it is taken away' });
        const goodbye = await orchestrator.post(`/status/${worker}`, { status: 'shutting-down' });
        return [status, goodbye.status];
      }),
    );
    expect(new Set(answers.flat())).toEqual(new Set([200]));
    const first = (await waiting).body.assignments?.length ?? 0;
    const left = await orchestrator.get<AssignmentAnswer>(`/assignment/${heir}?max=${2 * count}`);
    expect(performance.now() - before).toBeLessThan(10_000);
    expect(first).toBeGreaterThan(0);
    expect(left.body.assignments).toHaveLength(count);

    const { items } = (await orchestrator.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${job.id}/tasks?limit=100`)).body;
    expect(items.map(({ state, fence, failed_attempts, losses }) => [state, fence, failed_attempts, losses])).toEqual(
      items.map(() => ['leased', 2, 0, 1]),
    );
  });
});
