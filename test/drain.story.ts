/** Stopping things in order: tasks go back at once, containers go, nothing is left. */
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { PageAnswer, TaskAnswer } from '@longshore/core/protocol';
import { Cluster } from './support/cluster.js';
import { containersOf } from './support/containers.js';
import { eventually, startLongshore, type Process } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';
import { attemptsOf } from './support/tasks.js';

describe('a worker that receives SIGTERM', () => {
  it('A5: hands its task back at once, stops its container and leaves nothing', async () => {
    await using sandbox = await Sandbox.open();
    await sandbox.write('in/only.txt', 'only');
    await using cluster = await Cluster.start(sandbox);
    const job = await cluster.submit({
      plugin: 'echo',
      input: sandbox.path('in'),
      output: sandbox.path('out'),
      params: { pauseSeconds: 3 },
    });
    const first = cluster.startWorker('drain-a', 'echo');
    await cluster.jobWhen(job.id, (found) => found.tasks.leased === 1);
    await eventually(
      async () => ((await containersOf('drain-a')).length > 0 ? true : undefined),
      20_000,
      () => 'a container',
    );

    expect(await first.stop('SIGTERM')).toMatchObject({ code: 0 });
    expect(await containersOf('drain-a')).toEqual([]);
    expect(await readdir(sandbox.path('work'))).toEqual([]);
    const [task] = (await cluster.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${job.id}/tasks`)).items;
    expect(task).toMatchObject({ state: 'available', losses: 1, failed_attempts: 0 });

    const second = cluster.startWorker('drain-b', 'echo');
    expect(await cluster.jobWhen(job.id, (found) => found.state !== 'running')).toMatchObject({ state: 'completed' });
    expect([...(await filesBelow(sandbox.path('out'))).keys()].sort()).toEqual(['only.txt', 'only.txt.sha256']);
    expect(await second.stop()).toMatchObject({ code: 0 });
  });
});

describe('a worker with several slots', () => {
  it('works on several tasks at once, and on each of them once', async () => {
    await using sandbox = await Sandbox.open();
    for (let number = 0; number < 24; number += 1) await sandbox.write(`in/${number}.txt`, String(number));
    await using cluster = await Cluster.start(sandbox);
    const job = await cluster.submit({
      plugin: 'echo',
      input: sandbox.path('in'),
      output: sandbox.path('out'),
      params: { pauseSeconds: 0.2 },
      batching: { maxObjects: 1 },
    });
    const worker = cluster.startWorker('slots-a', 'echo', { LONGSHORE_SLOTS: '4' });
    await cluster.jobWhen(job.id, (found) => found.tasks.leased === 4);
    expect((await containersOf('slots-a')).length).toBe(4);
    await cluster.jobWhen(job.id, (found) => found.state === 'completed');
    const { items } = await cluster.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${job.id}/tasks`);
    const again = items.filter((task) => task.fence > 1);
    const ends = await Promise.all(again.map(({ id }) => attemptsOf(cluster, id)));
    expect(ends.flat()).toEqual([]);
    expect((await filesBelow(sandbox.path('out'))).size).toBe(48);
    await worker.stop();
  });
});

describe('a run that is interrupted', () => {
  it('stops its containers and processes and says so with exit code 130', async () => {
    await using sandbox = await Sandbox.open();
    await using run = await startLongRun(sandbox);
    const name = `run-${run.pid}-`;
    expect((await containersOf(name)).length).toBe(2);
    expect(await run.stop('SIGINT')).toMatchObject({ code: 130 });
    expect(await containersOf(name)).toEqual([]);
  });
});

describe('a run that is killed', () => {
  it('takes its orchestrator, its workers and their containers with it', async () => {
    await using sandbox = await Sandbox.open();
    await using run = await startLongRun(sandbox);
    const name = `run-${run.pid}-`;
    expect((await containersOf(name)).length).toBe(2);
    await run.stop('SIGKILL');
    const gone = async () => ((await containersOf(name)).length === 0 ? true : undefined);
    await eventually(gone, 20_000, () => 'the containers to go');
  });
});

describe('a worker that was killed', () => {
  it('I8 A1 E10: is tidied up after by the next worker on the machine', async () => {
    await using sandbox = await Sandbox.open();
    await sandbox.write('in/only.txt', 'only');
    await using cluster = await Cluster.start(sandbox, { LONGSHORE_LEASE_SECONDS: '3' });
    const victim = cluster.startWorker('tidy-a', 'echo');
    await eventually(
      async () => ((await containersOf('tidy-a')).length > 0 ? true : undefined),
      20_000,
      () => 'a container',
    );
    await victim.stop('SIGKILL');
    expect((await containersOf('tidy-a')).length).toBe(1);
    const heir = cluster.startWorker('tidy-b', 'echo');
    await eventually(
      async () => ((await containersOf('tidy-b')).length > 0 ? true : undefined),
      20_000,
      () => 'a container',
    );
    expect(await containersOf('tidy-a')).toEqual([]);
    await heir.stop();
    expect(await readdir(sandbox.path('work'))).toEqual([]);
  });
});

/** A run that is in the middle of its only task. */
async function startLongRun(sandbox: Sandbox): Promise<Process> {
  await sandbox.write('in/only.txt', 'only');
  const args = ['run', '--plugin', 'echo', '--input', sandbox.path('in'), '--output', sandbox.path('out')];
  const run = startLongshore([...args, '--param', 'pauseSeconds=600'], sandbox.environment);
  await run.wrote(/1 running/, 60_000);
  return run;
}
