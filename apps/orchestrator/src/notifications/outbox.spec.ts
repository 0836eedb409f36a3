import { describe, expect, it } from '@jest/globals';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('news that cannot be sent', () => {
  it('G6: waits in the outbox, also through a restart, while the job ends as if nothing were', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const workerId = await orchestrator.register();
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    orchestrator.notifier.refuseNext(2);
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
    for (let restarts = 0; restarts < 4 && orchestrator.notifier.sent.length === 0; restarts += 1) {
      await orchestrator.clock.advance(60_000);
      await orchestrator.restart();
      await orchestrator.news(1);
    }
    expect(orchestrator.notifier.sent).toEqual([
      expect.objectContaining({ id: expect.stringContaining(job.id), subject: expect.stringContaining('completed') }),
    ]);
  });
});
