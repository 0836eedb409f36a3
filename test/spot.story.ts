/** Workers on Spot instances: found by a parameter alone, taken away in the middle, gone when nothing is left to do. */
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { WorkerSummary } from '@longshore/core/protocol';
import type { MetadataServer } from '@longshore/adapters/testing';
import { Aws, urlParameter } from './support/aws.js';
import { brokenBooks } from './support/books.js';
import { Cluster } from './support/cluster.js';
import { containersOf } from './support/containers.js';
import { eventually, repository, type Environment, type Process } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';
import { attemptsOf, tasksOf } from './support/tasks.js';

const plugin = `${repository}/test/plugins/gradual.mjs`;
const ours = {
  LONGSHORE_CLUSTER: 'ours',
  LONGSHORE_LEASE_SECONDS: '30',
  LONGSHORE_HEARTBEAT_SECONDS: '0.5',
  LONGSHORE_PLUGINS: plugin,
};

/** A worker that is told of its machine by the metadata service, and of the orchestrator by the name of a parameter. */
function startWorker(cluster: Cluster, name: string, machine: MetadataServer, more: Environment = {}): Process {
  return cluster.startWorker(name, plugin, {
    LONGSHORE_URL: '',
    LONGSHORE_URL_PARAMETER: urlParameter,
    LONGSHORE_SPOT_POLL_SECONDS: '0.2',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: machine.url,
    ...more,
  });
}

const workersOf = async (cluster: Cluster) => (await cluster.get<{ items: WorkerSummary[] }>('/api/v1/workers')).items;

describe('workers on Spot instances', () => {
  it('B9 G1 G8 G10: find their orchestrator, hand back what is interrupted, follow it to another address, and end their machine', async () => {
    await using sandbox = await Sandbox.open();
    for (const name of ['1-quick', '2-slow', '3-quick']) await sandbox.write(`in/${name}`, name);
    await using aws = await Aws.start();
    await using theirs = await Cluster.start(sandbox, aws.environment, {
      LONGSHORE_CLUSTER: 'theirs',
      LONGSHORE_STATE: sandbox.path('their-state'),
    });
    await using cluster = await Cluster.start(
      sandbox,
      { ...aws.environment, ...ours },
      { LONGSHORE_WHEN_DONE: 'shutdown' },
    );
    const machines = await aws.runInstances(2);
    const workers = machines.map((machine, index) =>
      startWorker(cluster, `spot-${index}`, machine, { LONGSHORE_SHUTDOWN: 'terminate' }),
    );

    // Nobody is there yet; then somebody else's; then ours.
    await Promise.all(workers.map((worker) => worker.wrote(/No orchestrator has left its address yet/)));
    await aws.leaveAddress(theirs.url);
    await Promise.all(
      workers.map((worker) => worker.wrote(/the cluster \\?"theirs\\?", and you are of the cluster \\?"ours/)),
    );
    await aws.leaveAddress(cluster.url);
    const known = await eventually(
      async () => {
        const found = await workersOf(cluster);
        return found.length === 2 ? found : undefined;
      },
      20_000,
      () => `two workers:\n${workers.map(({ output }) => output).join('\n')}`,
    );
    expect(await workersOf(theirs)).toEqual([]);
    const ids = machines.map(({ identity }) => identity.instanceId);
    expect(known.map(({ instance }) => instance?.id).sort()).toEqual([...ids].sort());
    expect(known[0]).toMatchObject({
      instance: { type: 'm5.large', zone: 'us-east-1a', memory_bytes: expect.any(Number) },
      capabilities: ['processing', 'm5.large', expect.stringMatching(/^[CG]PU$/), 'hardened'],
    });

    const request = { plugin: 'gradual', input: sandbox.path('in'), output: sandbox.path('out') };
    const job = await cluster.submit({ ...request, params: { seconds: 10 } });
    await eventually(
      async () => [...(await filesBelow(sandbox.path('work'))).keys()].find((name) => name.endsWith('1-quick.out')),
      20_000,
      () => `a first output:\n${workers.map(({ output }) => output).join('\n')}`,
    );
    const [task] = await tasksOf(cluster, job.id);
    const holder = known.find(({ id }) => id === task?.worker_id);
    const victim = ids.indexOf(holder?.instance?.id ?? '');
    machines[victim]?.reclaim();
    const noticedAt = performance.now();
    const rest = await eventually(
      async () => (await tasksOf(cluster, job.id, 'leased')).find(({ worker_id }) => worker_id !== holder?.id),
      10_000,
      () => `somebody else to have it:\n${workers.map(({ output }) => output).join('\n')}`,
    );
    expect(performance.now() - noticedAt).toBeLessThan(10_000);
    expect(await workers[victim]?.ended).toMatchObject({ code: 0 });
    expect(workers[victim]?.output).toMatch(/hands back what it has: its machine is taken away/);
    expect(await containersOf(`spot-${victim}`)).toEqual([]);
    const farewells = (await workersOf(cluster)).filter(({ state }) => state === 'shutting-down');
    expect(farewells).toMatchObject([{ id: holder?.id, farewell: expect.stringContaining('taken away') }]);

    // The orchestrator comes back elsewhere, while the address that was left is stale.
    await cluster.orchestrator.stop('SIGKILL');
    await cluster.moveOrchestrator();
    await aws.leaveAddress(cluster.url);
    const heir = workers[1 - victim];
    await heir?.wrote(new RegExp(`The orchestrator is at ${cluster.url}`));
    // Its only slot is busy, so it is by its heartbeats that the new orchestrator hears of it.
    const movedAt = Date.now();
    await eventually(
      async () =>
        (await workersOf(cluster)).find(
          ({ id, last_seen_at }) => id !== holder?.id && Date.parse(last_seen_at) > movedAt,
        ),
      10_000,
      () => `a heartbeat:\n${heir?.output}`,
    );
    expect((await tasksOf(cluster, job.id, 'leased')).map(({ id, fence }) => [id, fence])).toEqual([[rest.id, 1]]);
    expect(await cluster.jobWhen(job.id, (found) => found.state === 'completed', 30_000)).toMatchObject({
      objects: { completed: 3, dead: 0 },
    });

    expect(await brokenBooks(cluster, job.id)).toEqual([]);
    expect((await attemptsOf(cluster, rest.id)).map(({ outcome }) => outcome)).toEqual(['completed']);
    const tasks = await tasksOf(cluster, job.id);
    expect(tasks.map(({ failed_attempts }) => failed_attempts)).toEqual(tasks.map(() => 0));
    const written = await filesBelow(sandbox.path('out'));
    expect([...written].map(([name, content]) => [name, content.toString()]).sort()).toEqual([
      ['1-quick.out', '1-quick'],
      ['2-slow.out', '2-slow'],
      ['3-quick.out', '3-quick'],
    ]);

    // Nothing is left to do: the one that is left ends its own machine, and no other.
    expect(await heir?.ended).toMatchObject({ code: 0 });
    const [ofVictim, ofHeir] = [machines[victim], machines[1 - victim]];
    if (!ofVictim || !ofHeir) throw new Error('There are two machines.');
    expect(await aws.stateOf(ofHeir)).toBe('terminated');
    expect(await aws.stateOf(ofVictim)).toBe('running');
    expect(await containersOf('spot-')).toEqual([]);
    expect(await readdir(sandbox.path('work'))).toEqual([]);
  });
});
