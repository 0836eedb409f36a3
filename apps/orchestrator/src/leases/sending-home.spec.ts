import { describe, expect, it } from '@jest/globals';
import type { AssignmentAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('workers that are sent home', () => {
  it('G9: go only when nothing is queued and nothing is in flight', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_WHEN_DONE: 'shutdown' });
    const [busy, idle] = [await orchestrator.register(), await orchestrator.register()];
    const ask = async (worker: string) =>
      (await orchestrator.get<AssignmentAnswer>(`/assignment/${worker}`)).body.assignment;
    expect(await ask(idle)).toBeNull();
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const held = await orchestrator.assignment(busy);
    expect(await ask(idle)).toBeNull();
    await orchestrator.report(busy, 'failed', held, { code: 'input-missing', error: 'gone' });
    expect(await ask(idle)).toBeNull();
    await orchestrator.clock.advance(60_000);
    const again = await orchestrator.assignment(idle);
    const manifest = await orchestrator.manifest(again);
    await orchestrator.report(idle, 'completed', again, { manifest });
    expect(await ask(busy)).toBeNull();
    await orchestrator.report(idle, 'published', again);
    await orchestrator.jobWhen(job.id, (found) => found.state === 'completed');
    expect(await ask(busy)).toMatchObject({ shutdown: true });
    expect(await ask(idle)).toMatchObject({ shutdown: true });
  });
});
