import { describe, expect, it } from '@jest/globals';
import type { Machine, MachineIdentity } from '@longshore/core';
import { MemoryDiscovery, ScriptedMachine } from '@longshore/core/testing';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { until } from '../testing/until.js';

const identity: MachineIdentity = {
  instanceId: 'i-0abc',
  type: 'm5.large',
  zone: 'us-east-1a',
  region: 'us-east-1',
  privateAddress: '10.0.0.5',
};

interface Wish {
  environment?: Record<string, string>;
  machine?: Machine;
  refusals?: number;
}

async function start({ environment = {}, machine, refusals = 0 }: Wish) {
  const discovery = new MemoryDiscovery();
  discovery.refuseNext(refusals);
  const orchestrator = await OrchestratorOnFakes.prepared(
    { LONGSHORE_URL_PARAMETER: '/orchestrator/url', ...environment },
    (prepared) => {
      prepared.discovery = discovery;
      prepared.machine = machine;
    },
  );
  return { orchestrator, discovery };
}

const given = { LONGSHORE_PUBLIC_URL: 'https://orchestrator.example.org/' };
/** Open to others, and so with a token. */
const open = { LONGSHORE_HOST: '0.0.0.0', LONGSHORE_ADMIN_TOKEN: 'a-secret-that-nobody-can-guess-at-all' };
const ready = async (orchestrator: OrchestratorOnFakes) => (await orchestrator.get('/readyz')).status === 200;

describe('the address of an orchestrator', () => {
  it('is left as it was given, and again after a restart', async () => {
    const { orchestrator, discovery } = await start({ environment: given });
    await using _ = orchestrator;
    await until(() => ready(orchestrator), 'ready');
    expect(discovery.published).toEqual(['https://orchestrator.example.org']);
    await orchestrator.restart();
    await until(() => discovery.published.length === 2, 'left again');
  });

  it.each([
    ['private', { ...identity, publicAddress: '52.0.0.1' }, '10.0.0.5'],
    ['public', { ...identity, publicAddress: '52.0.0.1' }, '52.0.0.1'],
  ])('is the %s one of its machine, with the port it listens on', async (kind, known, address) => {
    const environment = { ...open, LONGSHORE_PUBLIC_ADDRESS: kind };
    const { orchestrator, discovery } = await start({ environment, machine: new ScriptedMachine(known) });
    await using _ = orchestrator;
    await until(() => ready(orchestrator), 'ready');
    expect(discovery.published).toEqual([`http://${address}:${new URL(orchestrator.url).port}`]);
  });

  it.each([
    ['no cloud says which machine it is', new ScriptedMachine(), {}],
    ['the machine has no such address', new ScriptedMachine(identity), { LONGSHORE_PUBLIC_ADDRESS: 'public' }],
  ])('G8: is not known when %s; it serves all the same and says so', async (_, machine, environment) => {
    const { orchestrator, discovery } = await start({ environment: { ...open, ...environment }, machine });
    await using _closed = orchestrator;
    const detail = async () => (await orchestrator.get<{ detail?: string }>('/readyz')).body.detail ?? '';
    await until(async () => (await detail()).includes('machine-unknown'), 'a readiness that says why');
    expect((await orchestrator.get('/healthz')).status).toBe(200);
    expect(discovery.published).toEqual([]);
  });

  it('G8: is left in the end, however often that fails; until then it is not ready and works', async () => {
    const { orchestrator, discovery } = await start({ environment: given, refusals: 12 });
    await using _ = orchestrator;
    const detail = async () => (await orchestrator.get<{ detail?: string }>('/readyz')).body.detail ?? '';
    await until(async () => (await detail()).includes('discovery-failed'), 'a readiness that says why');
    orchestrator.putImages('a');
    const workerId = await orchestrator.register();
    await orchestrator.submit();
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    for (let tries = 0; tries < 40 && discovery.published.length === 0; tries += 1) {
      await until(() => orchestrator.clock.sleeping > 0, 'asleep');
      await orchestrator.clock.advance(60_000);
    }
    await until(() => ready(orchestrator), 'ready');
    expect(discovery.published).toEqual(['https://orchestrator.example.org']);
  });

  it('G8: does not keep the process from stopping while it cannot be left', async () => {
    const { orchestrator, discovery } = await start({ environment: given, refusals: 1_000 });
    await until(() => orchestrator.clock.sleeping > 0, 'asleep');
    await orchestrator[Symbol.asyncDispose]();
    expect(discovery.published).toEqual([]);
  });
});
