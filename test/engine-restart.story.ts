/** Docker is killed and started again under a worker, which waits for it and goes on. */
import { describe, expect, it } from '@jest/globals';
import { PrivateEngine } from '@longshore/adapters/testing';
import { Cluster } from './support/cluster.js';
import { eventually } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

describe('a Docker Engine that dies', () => {
  it('E7: costs the task a loss and no attempt, and the same worker does it when the engine is back', async () => {
    await using sandbox = await Sandbox.open();
    await using engine = await PrivateEngine.start('busybox:1.36');
    await using cluster = await Cluster.start(sandbox);
    for (const name of ['a.txt', 'b.txt']) await sandbox.write(`in/${name}`, name);
    const [input, output] = [sandbox.path('in'), sandbox.path('out')];
    const params = { pauseSeconds: 3 };
    const policy = { maxAttempts: 1 };
    const job = await cluster.submit({ plugin: 'echo', input, output, params, policy, batching: { maxObjects: 1 } });
    const worker = cluster.startWorker('restart-a', 'echo', { DOCKER_HOST: `unix://${engine.socketPath}` });

    await cluster.jobWhen(job.id, ({ tasks }) => tasks.leased > 0);
    await eventually(
      async () => ((await engine.runningCommands()) > 0 ? true : undefined),
      20_000,
      () => 'the command to run',
    );
    await engine.kill();
    await engine.startAgain();

    const ended = await cluster.jobWhen(job.id, ({ state }) => state !== 'running' && state !== 'pending', 90_000);
    expect(ended).toMatchObject({ state: 'completed', objects: { completed: 2, dead: 0 } });
    expect([...(await filesBelow(output)).keys()].sort()).toEqual(['a.txt', 'a.txt.sha256', 'b.txt', 'b.txt.sha256']);
    expect(await worker.stop()).toMatchObject({ code: 0 });
  });
});
