import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { LongshoreError, type FleetDescription } from '@longshore/core';
import type { WorkerAnswer } from '@longshore/core/protocol';
import { ScriptedFleetProvider } from '@longshore/core/testing';
import { awaitLeaving, awaitUp } from './await-fleet.js';
import { fleetText } from './fleet-text.js';
import { fleetView, type WorkersClient } from './fleet-view.js';

const environment = { LONGSHORE_URL: 'http://127.0.0.1:8480' };
const template = { plugin: 'echo', slots: 2, environment };

const registered = (name: string, changes: Partial<WorkerAnswer> = {}): WorkerAnswer => ({
  id: `id-of-${name}`,
  hostname: hostname(),
  capabilities: [],
  slots: 2,
  state: 'idle',
  draining: false,
  legacy: false,
  registered_at: '2026-01-01T00:00:00.000Z',
  last_seen_at: '2026-01-01T00:00:00.000Z',
  silent_seconds: 0,
  instance: { name },
  held_tasks: 0,
  held_objects: 0,
  held: [],
  ...changes,
});

const task = {
  task_id: 'task',
  job_id: 'job',
  state: 'leased',
  attempt: 1,
  object_count: 3,
  file_names: ['a\u001b[31m.png', 'b.png', 'c.png'],
  leased_at: '2026-01-01T00:00:00.000Z',
  acknowledged: true,
  elapsed_seconds: 12,
  lease_seconds_left: 20,
  timeout_seconds_left: 600,
} as const;

function orchestratorWith(...workers: WorkerAnswer[]): WorkersClient {
  return {
    async *everyWorker() {
      yield* workers;
    },
    worker: async (id) => workers.find((worker) => worker.id === id)!,
  };
}

describe('a fleet as people see it', () => {
  let provider: ScriptedFleetProvider;
  let fleet: FleetDescription;

  beforeEach(async () => {
    provider = new ScriptedFleetProvider();
    fleet = await provider.scale('nuclei', { workers: 2, template });
  });

  it('joins processes with what the orchestrator says of them', async () => {
    const busy = registered('nuclei-1', {
      state: 'processing',
      held_tasks: 1,
      held: [{ ...task, file_names: [...task.file_names] }],
    });
    const view = await fleetView(fleet, orchestratorWith(busy));
    expect(view).toMatchObject({ name: 'nuclei', wanted: 2, plugin: 'echo', slots: 2, url: environment.LONGSHORE_URL });
    expect(view.workers).toMatchObject([
      {
        worker: 'nuclei-1',
        pid: 1,
        process: 'running',
        worker_id: 'id-of-nuclei-1',
        state: 'processing',
        held: [{ task_id: 'task' }],
      },
      { worker: 'nuclei-2', pid: 2, process: 'running' },
    ]);
    expect(view.workers[1]).not.toHaveProperty('worker_id');
    const text = fleetText(view);
    expect(text).toContain('fleet nuclei: 2 of 2 workers, echo, 2 slots each, for http://127.0.0.1:8480');
    expect(text).toContain('nuclei-1  process 1, processing, id-of-nuclei-1');
    expect(text).toContain('runs a\\x1b[31m.png and 2 more of job job since 12 s');
    expect(text).toContain('nuclei-2  process 2, not registered');
  });

  it('takes neither workers of another machine nor earlier ones of the same name for its own', async () => {
    const own = registered('nuclei-1', { id: 'own', registered_at: '2026-01-02T00:00:00.000Z' });
    const earlier = registered('nuclei-1', { id: 'earlier' });
    const foreign = registered('nuclei-2', { id: 'foreign', hostname: 'elsewhere' });
    const { workers } = await fleetView(fleet, orchestratorWith(own, earlier, foreign));
    expect(workers.map(({ worker_id: id }) => id)).toEqual(['own', undefined]);
  });

  it('shows the processes when nobody tells what they do, and says why', async () => {
    const silent: WorkersClient = {
      everyWorker: () => {
        throw new LongshoreError('orchestrator-unreachable', 'Nobody answers.', { remedy: 'Start one.' });
      },
      worker: () => Promise.reject(new Error('not asked')),
    };
    const view = await fleetView(fleet, silent);
    expect(view).toMatchObject({ unknown: 'Nobody answers. Start one.', workers: [{ pid: 1 }, { pid: 2 }] });
    expect(fleetText(view)).toContain('What they do is not known: Nobody answers.');
    expect((await fleetView(fleet, undefined)).unknown).toContain('--url');
  });

  it('shows what one said last that is gone, and how it is replaced', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'longshore-fleet-view-'));
    try {
      const log = join(folder, 'nuclei-1.log');
      await writeFile(log, `${'noise\n'.repeat(2_000)}longshore worker: no \u0007 plugin\n`);
      const [first, second] = fleet.members;
      const members = [{ ...first, state: 'gone' as const, log }, second] as FleetDescription['members'];
      const view = await fleetView({ ...fleet, members }, orchestratorWith());
      expect(view.workers[0]?.last_lines?.at(-1)).toBe('longshore worker: no \u0007 plugin');
      const text = fleetText(view);
      expect(text).toContain('fleet nuclei: 1 of 2 workers');
      expect(text).toContain('nuclei-1  process 1, gone');
      expect(text).toContain('| longshore worker: no \\x07 plugin');
      expect(text).toContain('"longshore fleet up --name nuclei --workers 2" starts those that are missing.');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is up as soon as every worker has registered, or one is gone', async () => {
    let looks = 0;
    const joined = await awaitUp(async () => {
      looks += 1;
      const known = [registered('nuclei-1'), registered('nuclei-2')].slice(0, looks);
      return fleetView(fleet, orchestratorWith(...known));
    });
    expect([looks, joined.workers.map(({ state }) => state)]).toEqual([2, ['idle', 'idle']]);
    provider.end('1');
    const broken = await awaitUp(async () => fleetView((await provider.describe('nuclei'))!, orchestratorWith()));
    expect(broken.workers.map(({ process }) => process)).toEqual(['gone', 'running']);
  });

  it('is down as soon as everybody has left, and says how many have not', async () => {
    await provider.scale('nuclei', { workers: 0 });
    expect(await awaitLeaving(provider, 'nuclei', 10, () => undefined)).toBe(2);
    for (const id of ['1', '2']) provider.end(id);
    expect(await awaitLeaving(provider, 'nuclei', Infinity, () => undefined)).toBe(0);
    expect(provider.history).toEqual(['start nuclei-1', 'start nuclei-2', 'drain nuclei-2', 'drain nuclei-1']);
  });
});
