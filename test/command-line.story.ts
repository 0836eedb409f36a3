/** A job with a bad object, from a person's terminals: watched, left, read, and tried again, while the orchestrator is away for a moment. */
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import type { PageAnswer, TaskAnswer } from '@longshore/core/protocol';
import { Cluster } from './support/cluster.js';
import { eventually, longshore, Process, repository, startLongshore } from './support/process.js';
import { Sandbox } from './support/sandbox.js';

const poisonous = join(repository, 'test', 'plugins', 'misbehaving.mjs');
const program = `${process.execPath} ${join(repository, 'apps', 'cli', 'bin', 'longshore.js')}`;

describe('a job at a terminal', () => {
  it('is watched in place and in lines, left by Ctrl-C, outlives a restart, and is tried again at once', async () => {
    await using sandbox = await Sandbox.open();
    for (const name of ['a.txt', 'b.txt', 'poison.txt']) await sandbox.write(`in/${name}`, name);
    await using cluster = await Cluster.start(sandbox, {}, { LONGSHORE_PLUGINS: poisonous });
    const at = { LONGSHORE_URL: cluster.url };
    const type = (...args: string[]) => longshore(args, at);
    const places = ['--input', sandbox.path('in'), '--output', sandbox.path('out')];
    const tries = ['--batch-size', '1', '--attempts', '2', '--retry-delay', '3600'];
    const submit = ['submit', '--plugin', poisonous, '--param', 'how=poison', ...places, ...tries, '--quiet'];
    const job = (await type(...submit)).stdout.trimEnd();
    /** The bad object has failed once more, and waits an hour for its last try. */
    const waits = () =>
      eventually(
        async () => {
          const { items } = await cluster.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${job}/tasks?state=available`);
          return items[0]?.failed_attempts === 1 ? items[0] : undefined;
        },
        20_000,
        () => 'the bad object to wait for its last try',
      );

    await using plain = startLongshore(['watch'], at);
    await using json = startLongshore(['watch', job, '--json'], at);
    await using logs = startLongshore(['logs', 'last', '--follow'], at);
    const drawn = `stty cols 44 rows 12; ${program} watch last`;
    await using terminal = new Process('script', ['-qec', drawn, '/dev/null'], { ...at, TERM: 'xterm' });
    await plain.wrote(/is running\nno worker serves misbehaving; start one with: .*\n/);
    cluster.startWorker('typed', poisonous);
    await Promise.all([plain, terminal].map((one) => one.wrote(/command-failed: /)));
    const { id: bad } = await waits();
    await logs.wrote(new RegExp(`^${bad}\\.1 \\| cannot read poison\\.txt$`, 'm'));

    const left = await json.stop('SIGINT');
    expect(left).toMatchObject({ code: 130, stderr: expect.stringContaining('The job goes on.') });
    const lines = left.stdout.trimEnd().split('\n');
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    expect(events.slice(0, 2)).toEqual(['connected', 'job']);
    expect(events).toContain('task');

    await cluster.orchestrator.stop('SIGKILL');
    await Promise.all([plain.wrote(/The connection is lost/), terminal.wrote(/connection lost/)]);
    await cluster.restartOrchestrator();
    await plain.wrote(/The connection is there again/);
    expect((await type('retry', 'last', '--task', bad)).stdout).toBe('tasks that wait no longer: 1\n');

    const watched = await plain.ended;
    expect(watched).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('\nfailed: 2 of 3 objects done'),
    });
    // eslint-disable-next-line no-control-regex -- they are what must not be there
    expect(watched.stdout).not.toMatch(/\u001b/);
    const screen = await terminal.ended;
    expect([screen.code, screen.stdout]).toEqual([3, expect.stringContaining('\u001b[')]);
    const [drawing = ''] = stripVTControlCharacters(screen.stdout).split('failed: 2 of 3');
    for (const line of drawing.split(/[\r\n]+/)) expect(line.length).toBeLessThan(44);
    const read = await logs.ended;
    expect(read.code).toBe(0);
    expect(read.stdout).toBe(`${bad}.1 | cannot read poison.txt\n${bad}.2 | cannot read poison.txt\n`);

    await using redriven = startLongshore(['redrive', 'last', '--wait'], at);
    await waits();
    expect(await type('retry', 'last', '--wait', '--quiet')).toEqual({ code: 3, stdout: `${job}\n`, stderr: '' });
    expect(await redriven.ended).toMatchObject({ code: 3, stdout: expect.stringContaining('set aside: poison.txt') });
    expect((await type('logs', job, '--task', bad, '--failed', '--quiet')).stdout).toBe(
      'cannot read poison.txt\n'.repeat(4),
    );
  });
});
