/** A thousand objects while a worker is killed and the orchestrator is killed and restarted: every object once, nothing left. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { PageAnswer, TaskAnswer } from '@longshore/core/protocol';
import { Cluster } from './support/cluster.js';
import { containersOf } from './support/containers.js';
import { eventually } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

const objects = 1_000;

describe('a thousand objects and three workers', () => {
  it('I1 I3 A1 A7: are each done exactly once while a worker and the orchestrator are killed in the middle', async () => {
    await using sandbox = await Sandbox.open();
    const expected = new Map<string, string>();
    for (let number = 0; number < objects; number += 1) {
      const name = `shelf ${number % 7}/object-${number}.txt`;
      await sandbox.write(`in/${name}`, `content ${number}`);
      expected.set(name, `content ${number}`);
      expected.set(`${name}.sha256`, `${createHash('sha256').update(`content ${number}`).digest('hex')}\n`);
    }

    await using cluster = await Cluster.start(sandbox, { LONGSHORE_LEASE_SECONDS: '3' });
    const job = await cluster.submit({
      plugin: 'echo',
      input: sandbox.path('in'),
      output: sandbox.path('out'),
      batching: { maxObjects: 10 },
    });
    const victim = cluster.startWorker('killed-a', 'echo');
    cluster.startWorker('killed-b', 'echo');
    cluster.startWorker('killed-c', 'echo');

    await cluster.jobWhen(job.id, (found) => found.objects.completed >= 150);
    await eventually(
      () => holdsTask(cluster, job.id),
      10_000,
      () => 'a task to be running',
    );
    await victim.stop('SIGKILL');
    expect((await containersOf('killed-a')).length).toBe(1);

    await cluster.jobWhen(job.id, (found) => found.objects.completed >= 300);
    await cluster.orchestrator.stop('SIGKILL');
    await cluster.restartOrchestrator();
    cluster.startWorker('killed-d', 'echo');

    const ended = await cluster.jobWhen(job.id, (found) => found.state !== 'running' && found.state !== 'pending');
    expect(ended).toMatchObject({ state: 'completed', objects: { completed: objects, dead: 0 } });
    expect(await listedObjects(cluster, job.id)).toEqual(
      [...expected.keys()].filter((name) => !name.endsWith('.sha256')).sort(),
    );

    const results = await filesBelow(sandbox.path('out'));
    expect(new Map([...results].map(([name, content]) => [name, content.toString()]))).toEqual(expected);

    await Promise.all(cluster.workers.slice(1).map((worker) => worker.stop()));
    expect(await containersOf('killed-')).toEqual([]);
    expect(await readdir(sandbox.path('work'))).toEqual([]);
  });
});

async function holdsTask(cluster: Cluster, jobId: string): Promise<true | undefined> {
  const page = await cluster.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${jobId}/tasks?state=leased`);
  return page.items.length > 0 ? true : undefined;
}

/** The objects of all completed tasks: each object of the listing must be in exactly one. */
async function listedObjects(cluster: Cluster, jobId: string): Promise<string[]> {
  const names: string[] = [];
  let after = '';
  do {
    const page = await cluster.get<PageAnswer<TaskAnswer>>(
      `/api/v1/jobs/${jobId}/tasks?state=completed&limit=50${after && `&after=${after}`}`,
    );
    names.push(...page.items.flatMap((task) => task.file_names));
    after = page.next ?? '';
  } while (after !== '');
  return names.sort();
}
