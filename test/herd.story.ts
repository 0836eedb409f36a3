/** Many workers that ask at the same time, while the orchestrator goes away and comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { AssignmentAnswer, RegisterAnswer } from '@longshore/core/protocol';
import { Scene } from './support/scene.js';

const clients = 200;
const longestPollMs = 25_000;

async function ask<T>(scene: Scene, path: string, body?: unknown): Promise<T> {
  const response = await fetch(scene.cluster.url + path, {
    signal: AbortSignal.timeout(longestPollMs),
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** Asks again until it is answered, as a worker does. */
async function untilAnswered<T>(scene: Scene, path: string, body?: unknown): Promise<T> {
  for (;;) {
    try {
      return await ask<T>(scene, path, body);
    } catch (thrown) {
      // What fetch throws when nobody answers.
      if ((thrown as Error).name !== 'TypeError') throw thrown;
      await sleep(100 + Math.random() * 400);
    }
  }
}

describe('two hundred workers', () => {
  it('B8: that all wait while the orchestrator is killed get one task each when it is back', async () => {
    await using scene = await Scene.open({ objects: clients, leaseSeconds: 20 });
    const { cluster } = scene;
    const registered = await Promise.all(
      Array.from({ length: clients }, (_, number) =>
        ask<RegisterAnswer>(scene, '/register', { hostname: `light-${number}`, plugin: 'echo', slots: 1, protocol: 1 }),
      ),
    );
    const waiting = registered.map(({ worker_id }) =>
      untilAnswered<AssignmentAnswer>(scene, `/assignment/${worker_id}?wait=20&max=1`),
    );
    await sleep(500);
    await cluster.orchestrator.stop('SIGKILL');
    await sleep(500);
    await cluster.restartOrchestrator();
    const job = await scene.submit();
    const answers = await Promise.all(waiting);

    const given = answers.flatMap(({ assignments = [] }) => assignments.map(({ task_id }) => task_id));
    expect(new Set(given).size).toBe(clients);
    expect(given).toHaveLength(clients);
    const tasks = await scene.tasks(job);
    expect(tasks.map(({ state, fence }) => `${state} ${fence}`)).toEqual(tasks.map(() => 'leased 1'));
  });
});
