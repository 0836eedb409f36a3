import { describe, expect, it } from '@jest/globals';
import type { AssignmentAnswer } from '@longshore/core/protocol';
import { adminToken, configuredJoinToken, joinWith, lockedOrchestrator } from '../testing/locked-orchestrator.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('workers behind a lock, after the orchestrator was away', () => {
  it('A7: go on with what they hold, though their token has ended meanwhile', async () => {
    await using orchestrator = await lockedOrchestrator();
    const [busy, idle] = [
      await joinWith(orchestrator, configuredJoinToken),
      await joinWith(orchestrator, configuredJoinToken),
    ];
    orchestrator.putImages('a');
    const request = { plugin: 'echo', input: 's3://images/in/', output: 's3://results/out/' };
    await orchestrator.ask('POST', '/api/v1/jobs', { token: adminToken, body: request });
    const ask = async () =>
      orchestrator.ask<AssignmentAnswer>('GET', `/assignment/${busy.worker_id}?max=1`, { token: busy.token });
    let assignment = (await ask()).body.assignments?.[0];
    for (let tries = 0; tries < 100 && !assignment; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      assignment = (await ask()).body.assignments?.[0];
    }
    await orchestrator.clock.advance(3_600_000);
    await orchestrator.restart();
    const { assignment_id, fence } = assignment!;
    const beat = (worker: typeof busy, assignments: unknown[]) =>
      orchestrator.ask('POST', `/heartbeat/${worker.worker_id}`, { token: worker.token, body: { assignments } });
    expect(await beat(busy, [{ assignment_id, fence }])).toMatchObject({ status: 200, body: { orders: [] } });
    expect(await beat(idle, [])).toMatchObject({ status: 401 });
  });
});

describe('a join token without any admin', () => {
  it('refuses to start, because nobody could steer anything', async () => {
    const start = OrchestratorOnFakes.start({ LONGSHORE_JOIN_TOKEN: 'j'.repeat(40) });
    await expect(start).rejects.toMatchObject({
      code: 'invalid-configuration',
      message: expect.stringContaining('admin'),
    });
  });
});
