import { describe, expect, it } from '@jest/globals';
import type { WorkerSummary } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

const workers = async (orchestrator: OrchestratorOnFakes) =>
  (await orchestrator.get<{ items: WorkerSummary[] }>('/api/v1/workers')).body.items;

describe('an orchestrator of a cluster', () => {
  it('B9: refuses a worker that names another cluster, by header or at registration, and remembers nothing of it', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_CLUSTER: 'plate-7' });
    const named = await orchestrator.post('/register', { hostname: 'h', cluster: 'other' });
    expect(named).toMatchObject({ status: 409, body: { code: 'wrong-cluster' } });
    expect(JSON.stringify(named.body)).toMatch(/plate-7.*other/);
    for (const path of ['/healthz', '/assignment/w', '/api/v1/jobs']) {
      const answer = await orchestrator.ask('GET', path, { headers: { 'longshore-cluster': 'other' } });
      expect(answer).toMatchObject({ status: 409, body: { code: 'wrong-cluster' } });
    }
    expect(await workers(orchestrator)).toEqual([]);
  });

  it('B9: says its name to its own workers and to those that name none', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_CLUSTER: 'plate-7' });
    const own = { hostname: 'h', cluster: 'plate-7' };
    for (const body of [own, { hostname: 'h', capabilities: ['processing', 'm5.large', 'CPU'] }]) {
      expect(await orchestrator.post('/register', body)).toMatchObject({ status: 200, body: { cluster: 'plate-7' } });
    }
    const headers = { 'longshore-cluster': 'plate-7' };
    expect(await orchestrator.ask('GET', '/healthz', { headers })).toMatchObject({ status: 200 });
    expect(await workers(orchestrator)).toHaveLength(2);
  });

  it('tells another cluster so before it tells that a token is unknown', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_ADMIN_TOKEN: 'x'.repeat(40) });
    const headers = { 'longshore-cluster': 'other' };
    const answer = await orchestrator.ask('POST', '/register', { token: 'theirs', headers, body: { hostname: 'h' } });
    expect(answer).toMatchObject({ status: 409, body: { code: 'wrong-cluster' } });
  });
});

describe('what a worker tells of its machine', () => {
  it('is kept and shown', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const instance = {
      id: 'i-1',
      type: 'g4dn.xlarge',
      zone: 'us-east-1a',
      region: 'us-east-1',
      gpus: 1,
      gpu: 'Tesla T4',
    };
    const sent = { ...instance, name: 'w', cpus: 4, memory_bytes: 16_000_000_000, favourite_colour: 'blue' };
    await orchestrator.post('/register', { hostname: 'h', instance: sent });
    const [worker] = await workers(orchestrator);
    expect(worker?.instance).toEqual({ ...instance, name: 'w', cpus: 4, memory_bytes: 16_000_000_000 });
  });

  it.each([
    { id: 'i'.repeat(101) },
    { cpus: -1 },
    { cpus: 1.5 },
    { memory_bytes: 'much' },
    { gpus: 1e9 },
    { gpu: { __proto__: null, deep: {} } },
    'a string',
  ])('is bounded: %j is refused', async (instance) => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const answer = await orchestrator.post('/register', { hostname: 'h', instance });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  it('includes why it left', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const id = await orchestrator.register();
    const reason = 'its machine is taken away';
    await orchestrator.post(`/status/${id}`, { status: 'shutting-down', details: { reason } });
    expect(await workers(orchestrator)).toMatchObject([{ state: 'shutting-down', farewell: reason }]);
  });
});
