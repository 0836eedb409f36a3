/** Bad input is a clear sentence and an exit code, and loses nothing. */
import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { serveOnLoopback } from '@longshore/adapters/testing';
import { containersHere } from './support/containers.js';
import { longshore, repository, type Environment } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

const misbehaving = join(repository, 'test', 'plugins', 'misbehaving.mjs');

describe('bad input', () => {
  let sandbox: Sandbox;

  beforeEach(async () => {
    sandbox = await Sandbox.open();
    await sandbox.write('in/one.txt', 'one');
    await sandbox.write('in/two.txt', 'two');
  });
  afterEach(async () => {
    expect((await containersHere('run-')).length).toBe(0);
    expect([...(await filesBelow(sandbox.path('in'))).keys()].sort()).toEqual(['one.txt', 'two.txt']);
    await sandbox[Symbol.asyncDispose]();
  });

  const run = (plugin: string, more: string[] = [], environment: Environment = {}, input = sandbox.path('in')) =>
    longshore(
      [
        'run',
        '--plugin',
        plugin,
        '--input',
        input,
        '--output',
        sandbox.path('out'),
        '--quiet',
        '--retry-delay',
        '0',
        ...more,
      ],
      { ...sandbox.environment, ...environment },
    );

  it('H1: an unknown plugin is named, with those that are known', async () => {
    const ended = await run('segmentaton');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/no plugin "segmentaton".*Installed are:.*echo.*rgo-segmentation/s);
  });

  it('an unknown parameter is named, with those that are known', async () => {
    const ended = await run('echo', ['--param', 'pauseSecond=1']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/pauseSecond should not exist.*pauseSeconds/s);
  });

  it('a missing folder is named', async () => {
    const ended = await run('echo', [], {}, sandbox.path('nowhere'));
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain(sandbox.path('nowhere'));
    expect(ended.stdout).toMatch(/does not exist/);
  });

  it('F10: an empty prefix is no success', async () => {
    await mkdir(sandbox.path('empty'));
    const ended = await run('echo', [], {}, sandbox.path('empty'));
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/nothing to do under the input: nothing is there/);
  });

  it('patterns that match nothing are told apart from an empty prefix', async () => {
    const ended = await run('rgo-segmentation');
    expect(ended.code).toBe(1);
    expect(ended.stdout).toMatch(/2 objects are there, but none matches include \*\*\/\*\.png/);
  });

  it('input and output at the same place are refused', async () => {
    const ended = await longshore(
      ['run', '--plugin', 'echo', '--input', sandbox.path('in'), '--output', sandbox.path('in'), '--quiet'],
      sandbox.environment,
    );
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/Input and output are both/);
  });

  it('an unreadable object is set aside alone, by name', async () => {
    await mkdir(sandbox.path('broken'));
    await sandbox.write('broken/fine.txt', 'fine');
    await symlink('/nowhere/at/all', sandbox.path('broken/unreadable.txt'));
    const ended = await run('echo', ['--batch-size', '2'], {}, sandbox.path('broken'));
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/set aside: unreadable\.txt/);
    expect(ended.stdout).not.toMatch(/set aside: fine/);
    expect([...(await filesBelow(sandbox.path('out'))).keys()].sort()).toEqual(['fine.txt', 'fine.txt.sha256']);
  });

  it('E6: an image that does not exist is named, and nothing is tried ten thousand times', async () => {
    const ended = await run(misbehaving, [], { MISBEHAVING_IMAGE: 'longshore.invalid/no-such-image:9' });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/longshore\.invalid\/no-such-image:9/);
  });

  it('E8: a Docker Engine that does not run is said to be missing', async () => {
    const ended = await run('echo', [], { DOCKER_HOST: `unix://${sandbox.path('no.sock')}` });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/Docker/);
    expect(ended.stderr).toMatch(/no\.sock/);
  });

  it('a port that is taken is named', async () => {
    await using other = await serveOnLoopback((_, response) => response.end());
    const { port } = new URL(other.url);
    const ended = await longshore(['orchestrator', '--port', port], sandbox.environment);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(new RegExp(`Port ${port} .*is taken.*LONGSHORE_PORT`, 's'));
  });

  it('an address that is not of this machine is refused', async () => {
    const ended = await longshore(['orchestrator'], { ...sandbox.environment, LONGSHORE_HOST: '0.0.0.0' });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(/LONGSHORE_HOST is "0\.0\.0\.0"/);
  });

  it.each(['long-lived', 'warm', 'per-task'])(
    'E4: a command that exits 7 sets every object aside with code and log (%s)',
    async (lifecycle) => {
      const ended = await run(misbehaving, ['--batch-size', '2', '--attempts', '2'], {
        MISBEHAVING_LIFECYCLE: lifecycle,
      });
      expect(ended.code).toBe(3);
      expect(ended.stdout).toMatch(/set aside: one\.txt\n.*exit code 7.*\n.*about to fail/);
      expect(ended.stdout).toMatch(/set aside: two\.txt/);
      expect(await filesBelow(sandbox.path('out'))).toEqual(new Map());
    },
  );

  it('E4: a command that succeeds without its declared outputs has failed', async () => {
    const ended = await run(misbehaving, ['--param', 'how=silent', '--attempts', '1']);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/did not write the output "one\.txt\.out"/);
    expect(ended.stdout).toMatch(/all is well/);
  });

  it('F21: an output that is a link to a file of this machine is refused', async () => {
    const ended = await run(misbehaving, ['--param', 'how=link', '--attempts', '1']);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/"one\.txt\.out".*is not a regular file/);
    expect(await filesBelow(sandbox.path('out'))).toEqual(new Map());
  });

  it('E3: a command that runs too long is stopped, container and all', async () => {
    const ended = await run(misbehaving, [
      '--param',
      'how=sleep',
      '--attempts',
      '1',
      '--timeout',
      '2',
      '--batch-size',
      '2',
    ]);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/ran longer than 2 seconds/);
  });

  it.each(['memory', 'child-memory'])('E1: a command that needs too much memory is told so (%s)', async (how) => {
    const ended = await run(misbehaving, ['--param', `how=${how}`, '--attempts', '1']);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/more than the 32MiB of memory/);
  });

  it('F20: one poison object is found and set aside alone', async () => {
    for (let number = 0; number < 15; number += 1) await sandbox.write(`many/${number}.txt`, 'good');
    await sandbox.write('many/poison.txt', 'bad');
    const ended = await run(
      misbehaving,
      ['--param', 'how=poison', '--attempts', '2', '--batch-size', '16'],
      {},
      sandbox.path('many'),
    );
    expect(ended.code).toBe(3);
    expect(ended.stdout).toMatch(/15 of 16 objects done/);
    expect(ended.stdout).toMatch(/set aside: poison\.txt/);
    expect((await filesBelow(sandbox.path('out'))).size).toBe(15);
  });

  it('a usage error is told with exit code 2', async () => {
    expect(await longshore(['run', '--plugin', 'echo'])).toMatchObject({ code: 2 });
    expect(await longshore(['rum'])).toMatchObject({ code: 2 });
  });
});
