import { describe, expect, it } from '@jest/globals';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { until } from '../testing/until.js';

const settings = {
  LONGSHORE_NO_WORKERS_SECONDS: '1',
  LONGSHORE_WORKER_GONE_SECONDS: '60',
  LONGSHORE_TELL_MAIL: 'no-workers',
};

/** Long enough for several looks: what did not happen by then does not happen. */
const looks = () => new Promise((resolve) => setTimeout(resolve, 350));
const toldOf = ({ notifier }: OrchestratorOnFakes) => notifier.sent.map(({ id }) => id);
const waiting = ({ store }: OrchestratorOnFakes) => store.findRecord('waiting-work');

async function jobOf(orchestrator: OrchestratorOnFakes, ...names: string[]): Promise<string> {
  orchestrator.putImages(...names);
  return (await orchestrator.submit({ include: names, batching: { maxObjects: 1 } })).id;
}

const isSeen = (orchestrator: OrchestratorOnFakes) =>
  until(async () => (await waiting(orchestrator))?.echo !== undefined, 'a look at the work that waits');
const isOver = (orchestrator: OrchestratorOnFakes) =>
  until(async () => (await waiting(orchestrator))?.echo === undefined, 'nothing that waits');

describe('work that waits without a worker', () => {
  it('is told once, through restarts, and anew only after a worker took some of it', async () => {
    await using orchestrator = await OrchestratorOnFakes.start(settings);
    const job = await jobOf(orchestrator, 'a', 'b', 'c');
    await isSeen(orchestrator);
    const since = orchestrator.clock.now();
    await looks();
    expect(toldOf(orchestrator)).toEqual([]);
    await orchestrator.restart();
    await orchestrator.clock.advance(1_000);
    expect(await orchestrator.news(1)).toEqual([`no-workers:echo:${since}`]);
    expect(orchestrator.notifier.sent[0]?.news.facts.waiting).toMatchObject({
      tasks: 3,
      seconds: 1,
      jobs: [{ id: job, tasks: 3 }],
    });
    await orchestrator.restart();
    await orchestrator.clock.advance(100_000);
    await looks();
    expect(toldOf(orchestrator)).toHaveLength(1);

    const workerId = await orchestrator.register();
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    await orchestrator.post(`/status/${workerId}`, { status: 'shutting-down', details: {} });
    await until(async () => {
      const found = (await waiting(orchestrator))?.echo as { since: number; toldAt?: number } | undefined;
      return found?.toldAt === undefined && found?.since === orchestrator.clock.now();
    }, 'a new wait');
    await orchestrator.clock.advance(1_000);
    expect(await orchestrator.news(2)).toHaveLength(2);
  });

  it.each([
    ['drains', { plugin: 'echo' }, true],
    ['runs another plugin', { plugin: 'other' }, false],
  ])('is told although there is a worker that %s', async (_, worker, drains) => {
    await using orchestrator = await OrchestratorOnFakes.start(settings);
    const { body } = await orchestrator.post<{ worker_id: string }>('/register', { hostname: 'here', ...worker });
    if (drains) await orchestrator.post(`/api/v1/workers/${body.worker_id}/drain`);
    await jobOf(orchestrator, 'a');
    await isSeen(orchestrator);
    await orchestrator.clock.advance(1_000);
    await orchestrator.news(1);
    const { workers } = orchestrator.notifier.sent[0]!.news.facts.waiting!;
    expect(workers).toEqual(drains ? { draining: 1, ofOtherPlugins: 0 } : { draining: 0, ofOtherPlugins: 1 });
  });

  it('is not told while a worker is there that could take it, nor when it works', async () => {
    await using orchestrator = await OrchestratorOnFakes.start(settings);
    const workerId = await orchestrator.register();
    await jobOf(orchestrator, 'a', 'b');
    await orchestrator.clock.advance(5_000);
    await looks();
    const assignment = await orchestrator.assignment(workerId);
    await orchestrator.acknowledge(workerId, assignment);
    await orchestrator.clock.advance(5_000);
    await looks();
    expect([toldOf(orchestrator), await waiting(orchestrator)]).toEqual([[], undefined]);
  });

  it('is not told of a job that is paused, or cancelled meanwhile', async () => {
    await using orchestrator = await OrchestratorOnFakes.start(settings);
    const job = await jobOf(orchestrator, 'a');
    await isSeen(orchestrator);
    await orchestrator.post(`/api/v1/jobs/${job}/pause`);
    await isOver(orchestrator);
    await orchestrator.clock.advance(5_000);
    await looks();
    expect(toldOf(orchestrator)).toEqual([]);
  });

  it('waits after a restart for the workers of before, before it is told', async () => {
    await using orchestrator = await OrchestratorOnFakes.start(settings);
    await orchestrator.register();
    await orchestrator.clock.advance(59_000);
    await orchestrator.restart();
    await orchestrator.clock.advance(2_000);
    await jobOf(orchestrator, 'a');
    await isSeen(orchestrator);
    await orchestrator.clock.advance(57_000);
    await looks();
    expect(toldOf(orchestrator)).toEqual([]);
    await orchestrator.clock.advance(1_000);
    expect(await orchestrator.news(1)).toHaveLength(1);
  });
});
