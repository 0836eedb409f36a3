/** Nobody gets in without a token where others can reach the port, and a token is found nowhere but where it was put. */
import { readdir, stat } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { JobAnswer, TokenMessage } from '@longshore/core/protocol';
import { Cluster } from './support/cluster.js';
import { containersOf } from './support/containers.js';
import { everyCommandLine, everyFileBelow, inspectContainersOf, tokenFile } from './support/private-files.js';
import { eventually, longshore, startLongshore, startProgram } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

const admin = 'canary-admin-5f0c2e9a7b31d846-story';
const join = 'canary-join-c41b7de0935fa268-story-';
const awsSecret = 'canary-aws-secret-0e7d15fb64a83c92';
const tokens = { LONGSHORE_ADMIN_TOKEN: admin, LONGSHORE_JOIN_TOKEN: join };
const anyToken = /ls[kjw]_[A-Za-z0-9_-]{43}/;

function expectNoSecret(place: string, text: string): void {
  expect([place, text.length > 0]).toEqual([place, true]);
  for (const secret of [admin, join, awsSecret]) expect([place, text.includes(secret)]).toEqual([place, false]);
  expect([place, anyToken.exec(text)?.[0].slice(0, 4)]).toEqual([place, undefined]);
}

describe('an orchestrator that others can reach', () => {
  it.each(['0.0.0.0', '::'])('S1: does not start at %s without a token, and says what to do', async (host) => {
    await using sandbox = await Sandbox.open();
    await using orchestrator = startProgram('orchestrator', {
      ...sandbox.environment,
      LONGSHORE_HOST: host,
      LONGSHORE_PORT: '0',
    });
    const { code, stdout, stderr } = await orchestrator.ended;
    expect({ code, stdout: stdout.includes('serves at') }).toEqual({ code: 1, stdout: false });
    expect(stderr).toMatch(/LONGSHORE_HOST is .* there is no token: .* Set LONGSHORE_ADMIN_TOKEN/);
  });

  it('S30: does not take a token from a file that others may read', async () => {
    await using sandbox = await Sandbox.open();
    const path = await sandbox.write('admin-token', admin);
    const started = startProgram('orchestrator', { ...sandbox.environment, LONGSHORE_ADMIN_TOKEN_FILE: path });
    await using orchestrator = started;
    expect(await orchestrator.ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/chmod 600/) });
  });

  it('I12 S1 S2 S3 S30 S31: works with tokens, renews them meanwhile, and shows none of them anywhere', async () => {
    await using sandbox = await Sandbox.open();
    for (const name of ['a', 'b']) await sandbox.write(`in/${name}.txt`, name);
    await using cluster = await Cluster.start(sandbox, {
      ...tokens,
      LONGSHORE_HOST: '0.0.0.0',
      LONGSHORE_WORKER_TOKEN_SECONDS: '6',
      LONGSHORE_LEASE_SECONDS: '8',
      AWS_SECRET_ACCESS_KEY: awsSecret,
      AWS_ACCESS_KEY_ID: 'canary',
    });
    const answers: string[] = [];
    const client = { LONGSHORE_URL: cluster.url };
    const asAdmin = { ...client, LONGSHORE_TOKEN_FILE: await tokenFile(sandbox, 'admin-token', admin) };
    const job = ['submit', '--plugin', 'echo', '--input', sandbox.path('in'), '--output', sandbox.path('out')];

    const stranger = await longshore(['jobs'], client);
    expect(stranger).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringMatching(/needs a token.*LONGSHORE_TOKEN/),
    });
    expect(await longshore(['jobs'], { ...client, LONGSHORE_TOKEN: `${admin}x` })).toMatchObject({ code: 4 });

    const created = await longshore(['token', 'create', '--role', 'read', '--label', 'a reader'], asAdmin);
    expect(created).toMatchObject({ code: 0, stdout: expect.stringMatching(/^lsk_\S{43}\n$/) });
    const asReader = { ...client, LONGSHORE_TOKEN: created.stdout.trim() };
    expect(await longshore(['jobs'], asReader)).toMatchObject({ code: 0 });
    expect(await longshore(job, asReader)).toMatchObject({ code: 4, stderr: expect.stringMatching(/role "submit"/) });

    // The worker idles for longer than its token lives, and then works for longer than its next one.
    const joinFile = await tokenFile(sandbox, 'join-token', join);
    const worker = cluster.startWorker('access-a', 'echo', {
      LONGSHORE_ADMIN_TOKEN: '',
      LONGSHORE_JOIN_TOKEN: '',
      LONGSHORE_JOIN_TOKEN_FILE: joinFile,
    });
    await eventually(
      async () => ((await cluster.get<{ items: unknown[] }>('/api/v1/workers')).items.length === 1 ? true : undefined),
      30_000,
      () => `a worker, which says ${worker.output}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    const submitted = await longshore([...job, '--param', 'pauseSeconds=8', '--json'], asAdmin);
    expect(submitted).toMatchObject({ code: 0 });
    const { id } = JSON.parse(submitted.stdout) as JobAnswer;
    await cluster.jobWhen(id, (found) => found.tasks.leased === 1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expectNoSecret('docker inspect', await inspectContainersOf('access-a'));
    expectNoSecret('arguments of processes', await everyCommandLine());
    const ended = await cluster.jobWhen(id, (found) => found.state !== 'running');
    expect(ended).toMatchObject({ state: 'completed', objects: { completed: 2 } });
    expect((await cluster.get<{ items: unknown[] }>('/api/v1/workers')).items).toHaveLength(1);

    for (const path of ['jobs', `jobs/${id}/tasks`, 'workers', 'tokens', `jobs/${id}/explain`]) {
      answers.push(JSON.stringify(await cluster.get(`/api/v1/${path}`)));
    }
    const list = await longshore(['token', 'list'], asAdmin);
    expect(list).toMatchObject({ code: 0, stdout: expect.stringMatching(/read +valid .*a reader/) });
    expectNoSecret('answers', [...answers, list.stdout].join('\n'));
    expectNoSecret('log of the orchestrator', cluster.orchestrator.output);
    expectNoSecret('log of the worker', worker.output);
    expectNoSecret('state', await everyFileBelow(sandbox.path('state')));
    expectNoSecret('outputs', await everyFileBelow(sandbox.path('out')));
    expect((await stat(sandbox.path('state'))).mode & 0o077).toBe(0);
    expect(cluster.orchestrator.output).toMatch(/Refused with 401.*Token created: read .*Refused with 403/s);
  });

  it('S1 S3: sends a worker away that has no token, or whose token is revoked, and takes back its task', async () => {
    await using sandbox = await Sandbox.open();
    await sandbox.write('in/only.txt', 'only');
    await using cluster = await Cluster.start(sandbox, { ...tokens, LONGSHORE_HOST: '127.0.0.2' });
    expect(new URL(cluster.url).hostname).toBe('127.0.0.2');
    const stranger = cluster.startWorker('access-b', 'echo', { LONGSHORE_JOIN_TOKEN: '' });
    expect(await stranger.ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/LONGSHORE_JOIN_TOKEN/) });

    const worker = cluster.startWorker('access-c', 'echo');
    const { id } = await cluster.submit({
      plugin: 'echo',
      input: sandbox.path('in'),
      output: sandbox.path('out'),
      params: { pauseSeconds: 600 },
    });
    await cluster.jobWhen(id, (found) => found.tasks.leased === 1);
    const asAdmin = { LONGSHORE_URL: cluster.url, LONGSHORE_TOKEN: admin };
    const { stdout } = await longshore(['token', 'list', '--json'], asAdmin);
    const token = (JSON.parse(stdout) as TokenMessage[]).find(({ role }) => role === 'worker');
    expect(await longshore(['token', 'revoke', token?.id ?? ''], asAdmin)).toMatchObject({
      code: 0,
      stdout: `${token?.id}\n`,
    });
    await cluster.jobWhen(id, (found) => found.tasks.available === 1, 5_000);
    expect(await worker.ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/was revoked/) });
    expect(await containersOf('access-c')).toEqual([]);
  });
});

describe('the orchestrator of one run', () => {
  it('S1 S30: is reached by nobody else on the machine', async () => {
    await using sandbox = await Sandbox.open();
    await sandbox.write('in/only.txt', 'only');
    const io = ['--input', sandbox.path('in'), '--output', sandbox.path('out')];
    await using run = startLongshore(
      ['run', '--plugin', 'echo', ...io, '--workers', '1', '--param', 'pauseSeconds=4'],
      {
        ...sandbox.environment,
        LONGSHORE_JOIN_TOKEN_FILE: '/nowhere',
        LONGSHORE_TOKEN: 'for-another-orchestrator',
      },
    );
    const logs = async () => everyFileBelow(sandbox.path('home', 'runs'));
    const url = await eventually(
      async () => /serves at (http:[^\s"]+)/.exec(await logs())?.[1],
      60_000,
      () => 'the address of the orchestrator',
    );
    for (const path of ['/api/v1/jobs', '/api/v1/workers', '/api/v1/tokens']) {
      expect([path, (await fetch(url + path)).status]).toEqual([path, 401]);
    }
    expect(await everyCommandLine()).not.toMatch(anyToken);
    expect(await run.ended).toMatchObject({ code: 0 });
    expect([...(await filesBelow(sandbox.path('out'))).keys()].sort()).toEqual(['only.txt', 'only.txt.sha256']);
    expectNoSecret('state and logs of the run', await logs());
    const [folder = ''] = await readdir(sandbox.path('home', 'runs'));
    expect((await stat(sandbox.path('home', 'runs', folder))).mode & 0o077).toBe(0);
  });
});
