import { describe, expect, it } from '@jest/globals';
import { aPlugin } from '@longshore/core/testing';
import type { ReportFile } from '@longshore/core';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('a report that hangs', () => {
  it('does not keep the orchestrator from stopping, and is tried again by the next one', async () => {
    let tries = 0;
    async function* summarize(): AsyncIterable<ReportFile> {
      tries += 1;
      if (tries === 1) await new Promise(() => undefined);
      yield { name: 'report.txt', content: ['all is well\n'] };
    }
    await using orchestrator = await OrchestratorOnFakes.start({}, [aPlugin({}, { summarize })]);
    const workerId = await orchestrator.register();
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    await orchestrator.jobWhen(job.id, () => tries === 1);
    await orchestrator.restart();
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
    expect(orchestrator.objects.content('results', 'out/report.txt')?.toString()).toBe('all is well\n');
  });

  it('waits for a plugin that is missing after a restart, and loses nothing', async () => {
    const plugins = [aPlugin()];
    await using orchestrator = await OrchestratorOnFakes.start({}, plugins);
    const workerId = await orchestrator.register();
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    await orchestrator.store.changeTask(
      assignment.task_id,
      ({ lease: _over, ...task }) => ({
        task: { ...task, state: 'dead', endedAt: 1 },
        attempt: { outcome: 'failed' },
      }),
      1,
    );
    plugins.splice(0, 1, aPlugin({}, { name: 'other' }));
    await orchestrator.restart();
    await orchestrator.jobWhen(
      job.id,
      ({ state, failure }) => state === 'paused' && failure?.code === 'plugin-unknown',
    );
    plugins.splice(0, 1, aPlugin());
    await orchestrator.restart();
    await orchestrator.post(`/api/v1/jobs/${job.id}/resume`);
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'failed');
  });
});
