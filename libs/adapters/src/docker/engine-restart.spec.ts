import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ContainerSpec } from '@longshore/core';
import { PrivateEngine } from '../testing/private-engine.js';
import { DockerContainerEngine } from './index.js';

const spec: ContainerSpec = {
  image: 'busybox:1.36',
  name: 'longshore-restart',
  labels: { 'longshore.spec': 'restart' },
  mounts: [],
  resources: { cpus: 1, memory: '32MiB', pids: 20 },
  network: 'none',
  user: '65534:65534',
};

describe('an engine that is killed and comes back', () => {
  let own: PrivateEngine;
  let engine: DockerContainerEngine;

  beforeAll(async () => {
    own = await PrivateEngine.start(spec.image);
    engine = new DockerContainerEngine({ socketPath: own.socketPath });
  }, 60_000);
  afterAll(() => own[Symbol.asyncDispose](), 60_000);

  it.each(['exec', 'run'] as const)('E7: is a passing failure to %s, and serves the next one', async (verb) => {
    const command = { argv: ['sleep', '600'] };
    const container = verb === 'exec' ? await engine.start(spec) : undefined;
    const running = container ? engine.exec(container, command) : engine.run(spec, command);
    const ending = expect(running).rejects.toMatchObject({ code: 'engine-failed', failureClass: 'infra' });
    for (let listed = 0; listed === 0;) listed = (await engine.list('longshore.spec=restart')).length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    await own.kill();
    await ending;
    await expect(engine.run(spec, command)).rejects.toMatchObject({ code: 'engine-unavailable' });

    await own.startAgain();
    for (const left of await engine.list('longshore.spec=restart')) await engine.remove(left);
    expect(await engine.run(spec, { argv: ['echo', 'back'] })).toMatchObject({ exitCode: 0, log: 'back\n' });
  });
});
