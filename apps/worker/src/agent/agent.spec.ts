import { describe, expect, it } from '@jest/globals';
import { LongshoreError, type Interruption } from '@longshore/core';
import { MemoryDiscovery, type ScriptedProgram } from '@longshore/core/testing';
import { AgentBench, type BenchOptions } from '../testing/agent-bench.js';
import { anAssignment } from '../testing/assignments.js';

const reclaim: Interruption = { kind: 'reclaim', action: 'terminate', inMs: 120_000 };

/** A command that ends when a test says so, and a worker in the middle of it. */
async function inTheMiddle(options: BenchOptions = {}) {
  let finish = () => undefined as void;
  let started = 0;
  const program: ScriptedProgram = async ({ argv, read, write, signal }) => {
    if (argv[0] !== 'program') return { exitCode: 127 };
    started += 1;
    await new Promise<void>((resolve, reject) => {
      finish = resolve;
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
    for (const name of argv.slice(1)) await write(`/outputs/${name}.out`, await read(`/inputs/${name}`));
    return { exitCode: 0 };
  };
  const bench = await AgentBench.open({ program, ...options });
  const give = (id: string, name: string) =>
    bench.client.give(anAssignment(bench.objects, { [name]: name }, { assignment_id: `${id}.1`, task_id: id }));
  give('first', 'a');
  await bench.until(() => started === 1);
  return { bench, give, finish: () => finish(), started: () => started };
}

describe('a worker whose machine is taken away', () => {
  it('G1: hands its task back at once, says goodbye with the reason, and leaves nothing', async () => {
    const { bench } = await inTheMiddle();
    await using _ = bench;
    bench.machine.coming = reclaim;
    await bench.clock.advance(5_000);
    expect(await bench.ended()).toBeUndefined();
    expect(bench.client.reports).toMatchObject([
      { status: 'released', details: { reason: expect.stringContaining('taken away') } },
      { status: 'shutting-down', details: { reason: 'its machine is taken away in 120 seconds (terminate)' } },
    ]);
    expect([bench.departure.cause, await bench.left()]).toEqual(['reclaimed', []]);
  });

  it('G3: finishes what it has at a recommendation, takes no more, and goes', async () => {
    const { bench, give, finish, started } = await inTheMiddle({ settings: { LONGSHORE_SLOTS: '2' } });
    await using _ = bench;
    bench.machine.coming = { kind: 'rebalance' };
    await bench.clock.advance(5_000);
    await bench.settle();
    give('second', 'b');
    finish();
    expect(await bench.ended()).toBeUndefined();
    expect(bench.client.statuses).toEqual(['completed', 'published', 'shutting-down']);
    expect([started(), bench.client.queue.length, bench.departure.cause]).toEqual([1, 1, 'drained']);
    expect(bench.objects.keys('results')).toEqual(['out/a.out']);
  });

  it('G3 G1: hands back what it was finishing when the notice comes after the recommendation', async () => {
    const { bench } = await inTheMiddle();
    await using _ = bench;
    bench.machine.coming = { kind: 'rebalance' };
    await bench.clock.advance(5_000);
    bench.machine.coming = reclaim;
    await bench.clock.advance(5_000);
    expect(await bench.ended()).toBeUndefined();
    expect([bench.client.statuses, bench.departure.cause]).toEqual([['released', 'shutting-down'], 'reclaimed']);
  });

  it('G3: goes on where it is told to ignore recommendations', async () => {
    const { bench, give, finish, started } = await inTheMiddle({ settings: { LONGSHORE_ON_REBALANCE: 'ignore' } });
    await using _ = bench;
    bench.machine.coming = { kind: 'rebalance' };
    await bench.clock.advance(5_000);
    give('second', 'b');
    finish();
    await bench.until(() => started() === 2);
  });
});

describe('a worker that the orchestrator wants to leave', () => {
  it('finishes what it has and goes', async () => {
    const { bench, finish } = await inTheMiddle();
    await using _ = bench;
    bench.client.onHeartbeat = () => ({ orders: [], drain: true });
    await bench.clock.advance(2_000);
    finish();
    expect(await bench.ended()).toBeUndefined();
    expect(bench.client.reports.at(-1)).toMatchObject({ details: { reason: 'the orchestrator wants it to leave' } });
  });
});

describe('a worker and what it finds', () => {
  it.each([{ turns: true as const }, { turns: undefined }])(
    'speaks as its orchestrator understands it (%o)',
    async ({ turns }) => {
      await using bench = await AgentBench.open();
      bench.client.onRegister = () => ({ turns });
      bench.client.give(anAssignment(bench.objects, { a: 'a' }));
      await bench.until(() => bench.client.reports.length > 0);
      expect(bench.client.turns > 0).toBe(turns === true);
    },
  );
});

describe('a worker that cannot work', () => {
  it('tells the orchestrator why, once, and ends', async () => {
    await using bench = await AgentBench.open({ images: [] });
    expect(await bench.ended()).toMatchObject({ code: 'image-not-found' });
    expect([bench.client.registered.length, bench.client.statuses]).toEqual([1, ['shutting-down']]);
    expect(bench.client.reports[0]?.details).toEqual({ reason: expect.stringContaining('busybox:1.36') });
  });

  it('gives up when no orchestrator is found for as long as it was told to wait', async () => {
    const settings = { LONGSHORE_URL_PARAMETER: '/orchestrator/url', LONGSHORE_GIVE_UP_MINUTES: '5' };
    await using bench = await AgentBench.open({ settings, discovery: new MemoryDiscovery() });
    for (let minute = 0; minute < 5; minute += 1) {
      await bench.settle();
      await bench.clock.advance(60_000);
    }
    expect(await bench.ended()).toMatchObject({ code: 'orchestrator-unreachable' });
    expect([bench.departure.cause, bench.client.registered]).toEqual(['broken', []]);
  });

  it('ends where it may not look for an orchestrator', async () => {
    const discovery = new MemoryDiscovery();
    discovery.find = async () => {
      throw new LongshoreError('access-denied', 'It may not be read.');
    };
    await using bench = await AgentBench.open({ discovery });
    expect(await bench.ended()).toMatchObject({ code: 'access-denied' });
  });
});

describe('a worker at an orchestrator of another cluster that takes everybody in', () => {
  it('B9: takes no work, says goodbye, and waits for another address', async () => {
    const discovery = new MemoryDiscovery();
    await discovery.publish('http://theirs');
    await using bench = await AgentBench.open({ discovery, settings: { LONGSHORE_CLUSTER: 'ours' } });
    bench.client.onRegister = () => (bench.address.url === 'http://ours' ? { cluster: 'ours' } : {});
    await bench.until(() => bench.client.statuses.length === 1);
    expect(bench.client.reports[0]).toMatchObject({
      status: 'shutting-down',
      details: { reason: expect.stringMatching(/"default".*"ours"/) },
    });
    await bench.settle();
    await bench.clock.advance(60_000);
    expect(bench.client.registered).toHaveLength(1);
    await discovery.publish('http://ours');
    await bench.clock.advance(60_000);
    await bench.until(() => bench.client.registered.length === 2);
    expect(bench.client.statuses).toHaveLength(1);
  });

  it('B9: ends where the address is given', async () => {
    await using bench = await AgentBench.open({ settings: { LONGSHORE_CLUSTER: 'ours' } });
    expect(await bench.ended()).toMatchObject({ code: 'wrong-cluster' });
    expect(bench.client.statuses).toEqual(['shutting-down']);
  });
});
