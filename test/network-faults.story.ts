/** A network that loses, doubles, delays and damages what worker and orchestrator say to each other. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { TurnAnswer, TurnReport } from '@longshore/core/protocol';
import { ContainerLives, follow } from './support/container-lives.js';
import { garbage, reportIn, requestName, type Damage, type Fate, type Heard } from './support/fate.js';
import { repository } from './support/process.js';
import { Scene } from './support/scene.js';

const pausing = join(repository, 'test', 'plugins', 'pausing.mjs');

/** Everything a worker asks while it does one task. */
const requests = ['register', 'turn waits', 'turn names', 'heartbeat', 'turn completed', 'turn published'];

/** The first request of every name meets this fate. */
function eachOnce(fate: Fate, met: Set<string>): (heard: Heard) => Fate {
  return (heard) => {
    const name = requestName(heard);
    if (met.has(name)) return {};
    met.add(name);
    return fate;
  };
}

async function workerCount(scene: Scene): Promise<number> {
  return (await scene.cluster.get<{ items: unknown[] }>('/api/v1/workers')).items.length;
}

describe('a worker that is cut off', () => {
  it('B1: for less than its lease loses nothing and does nothing twice', async () => {
    await using scene = await Scene.open({ leaseSeconds: 4, environment: { LONGSHORE_HEARTBEAT_SECONDS: '0.4' } });
    const job = await scene.submit({ pauseSeconds: 3 });
    const { proxy } = await scene.startProxiedWorker('a');
    await scene.working();
    proxy.cutOff();
    await sleep(1_500);
    proxy.mend();
    expect(await scene.completes(job)).toMatchObject([{ fence: 1, losses: 0 }]);
    await scene.leavesNothing();
  });

  it('B2: for longer than its lease stops its container before another worker starts one', async () => {
    await using scene = await Scene.open({ environment: { LONGSHORE_PLUGINS: pausing } });
    using containers = await ContainerLives.watch(scene.prefix);
    const job = await scene.submit({ seconds: 8 }, { plugin: 'pausing' });
    const { proxy } = await scene.startProxiedWorker('a', pausing);
    await scene.working();
    scene.startWorker('b', {}, pausing);
    proxy.cutOff();
    await scene.cluster.jobWhen(job.id, ({ state }) => state === 'completed');
    await sleep(1_000);
    proxy.mend();

    const [task] = await scene.tasks(job);
    expect(task).toMatchObject({ state: 'completed', fence: 2, losses: 1 });
    // A worker looks at its walls from inside a container before it works, which takes a moment.
    const lives = containers.all.filter(({ from, to }) => to - from > 1_000);
    expect(lives.map(({ worker }) => worker.at(-1))).toEqual(['a', 'b']);
    expect(follow(lives)).toBe(true);
    await scene.leavesNothing();
  });

  it('B3: in one direction, so that requests arrive and answers do not, holds every lease once', async () => {
    await using scene = await Scene.open({ objects: 3 });
    const job = await scene.submit({ pauseSeconds: 0.5 });
    const { proxy } = await scene.startProxiedWorker('a');
    await scene.working();
    for (let times = 0; times < 3; times += 1) {
      proxy.cutOff('answers');
      await sleep(800);
      proxy.mend();
      await sleep(300);
    }
    const tasks = await scene.completes(job);
    expect(tasks.map(({ fence }) => fence)).toEqual([1, 1, 1]);
    await scene.leavesNothing();
  });
});

describe('a request that goes wrong once', () => {
  const ways: [string, Fate][] = [
    ['a connection that is reset before', { arrives: 'never', answer: 'reset' }],
    ['a connection that is reset after', { answer: 'reset' }],
    ...(['half', 'short', 'cut-text'] as Damage[]).map((answer): [string, Fate] => [
      `an answer (${answer}) to`,
      { answer },
    ]),
    ['a gateway that refuses', { arrives: 'never', answer: garbage }],
    ['a gateway that answers nonsense after', { answer: garbage }],
  ];

  it.each(ways)('B3 B4: %s each request of the worker protocol is made good by repeating it', async (_, fate) => {
    await using scene = await Scene.open({ leaseSeconds: 4, environment: { LONGSHORE_HEARTBEAT_SECONDS: '0.4' } });
    const job = await scene.submit({ pauseSeconds: 2 });
    const { proxy } = await scene.startProxiedWorker('a');
    const met = new Set<string>();
    proxy.decide = eachOnce(fate, met);
    expect(await scene.completes(job)).toMatchObject([{ fence: 1, losses: 0, failed_attempts: 0 }]);
    expect(await workerCount(scene)).toBe(1);
    expect([...met].sort()).toEqual([...requests].sort());
    await scene.leavesNothing();
  });
});

describe('a network that sends things twice or in another order', () => {
  it.each([0, 2_000])('B5: every request, again after %s ms, has the effect of one', async (againAfterMs) => {
    await using scene = await Scene.open({ leaseSeconds: 3, objects: 4 });
    const job = await scene.submit({ pauseSeconds: 0.5 });
    const proxies = [await scene.startProxiedWorker('a'), await scene.startProxiedWorker('b')];
    for (const { proxy } of proxies) proxy.decide = () => ({ arrives: 'twice', againAfterMs });
    const tasks = await scene.completes(job);
    await sleep(againAfterMs);
    expect(tasks.map(({ fence }) => fence)).toEqual([1, 1, 1, 1]);
    expect(await scene.tasks(job)).toEqual(tasks);
    expect(await workerCount(scene)).toBe(2);
    await scene.leavesNothing();
  });

  it('B6: heartbeats that arrive after the task is done change nothing', async () => {
    await using scene = await Scene.open({
      leaseSeconds: 4,
      objects: 3,
      environment: { LONGSHORE_HEARTBEAT_SECONDS: '0.3' },
    });
    const job = await scene.submit({ pauseSeconds: 1 });
    const { proxy } = await scene.startProxiedWorker('a');
    proxy.decide = (heard) => (requestName(heard) === 'heartbeat' ? { afterMs: 1_500 } : {});
    const tasks = await scene.completes(job);
    expect(tasks.map(({ fence }) => fence)).toEqual([1, 1, 1]);
    await scene.leavesNothing();
  });

  it('B6: an acknowledgement that arrives after the lease has ended is refused, and the work is given again', async () => {
    await using scene = await Scene.open({ leaseSeconds: 3 });
    const job = await scene.submit();
    const { proxy } = await scene.startProxiedWorker('a');
    const orders: TurnAnswer['orders'][] = [];
    proxy.next(1, (heard) => requestName(heard) === 'turn names', { afterMs: 4_000 });
    proxy.onAnswer = (heard, { body }) => {
      if (requestName(heard) === 'turn names') orders.push((JSON.parse(body.toString()) as TurnAnswer).orders);
    };
    expect(await scene.completes(job)).toMatchObject([{ fence: 2, losses: 1 }]);
    expect(orders).toEqual([[{ assignment_id: expect.stringMatching(/\.1$/), order: 'cancel' }], []]);
    await scene.leavesNothing();
  });

  it('B6: a failure that arrives after the success of the same attempt changes nothing', async () => {
    await using scene = await Scene.open();
    const job = await scene.submit();
    const { proxy } = await scene.startProxiedWorker('a');
    let report: { path: string; said: TurnReport } | undefined;
    proxy.decide = (heard) => {
      const said = requestName(heard).startsWith('turn') ? reportIn(heard, 'completed') : undefined;
      if (said) report = { path: heard.path, said };
      return {};
    };
    const tasks = await scene.completes(job);
    const { path = '', said } = report ?? {};
    const body = { ...said, status: 'failed', details: { error: 'late' } };
    const late = await fetch(scene.cluster.url + path.replace('turn', 'status'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(late.status).toBe(409);
    expect(await scene.tasks(job)).toEqual(tasks);
  });
});
