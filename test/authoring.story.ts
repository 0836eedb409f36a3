/** From an idea to workers that run it: a plugin is made, tried, broken, and kept at work by a fleet. */
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { eventually, longshore, startProgram } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

interface Tried {
  passed: boolean;
  checks: { check: string; state: string; says: string; findings?: string[] }[];
}

interface Fleet {
  wanted: number;
  workers: { worker: string; pid: number; process: string; worker_id?: string; last_lines?: string[] }[];
}

describe('a plugin of one’s own', () => {
  it('works as it was made, and says where it is broken', async () => {
    await using sandbox = await Sandbox.open();
    const folder = sandbox.path('line-tally');
    const made = await longshore(['plugin', 'new', 'line-tally', '--folder', folder, '--json'], sandbox.environment);
    expect(made).toMatchObject({ code: 0 });
    expect(JSON.parse(made.stdout)).toMatchObject({
      name: 'line-tally',
      folder,
      files: expect.arrayContaining(['index.mjs']),
    });

    const works = await longshore(['plugin', 'test', folder, '--json'], sandbox.environment);
    expect(JSON.parse(works.stdout)).toMatchObject({ passed: true });
    const checks = [
      'shape',
      'parameters',
      'hooks',
      'layout',
      'image',
      'run',
      'outputs',
      'reports',
      'expected',
      'again',
    ];
    expect((JSON.parse(works.stdout) as Tried).checks.map(({ check, state }) => `${check} ${state}`)).toEqual(
      checks.map((check) => `${check} ok`),
    );

    const script = `${folder}/run.sh`;
    await writeFile(script, (await readFile(script, 'utf8')).replace('cd "$1"', 'echo no such scale >&2; exit 3'));
    const broken = await longshore(['plugin', 'test', folder], sandbox.environment);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toMatch(/failed +run +2 objects could not be done\.\n.*exit code 3\.\n.*\| no such scale\n/);
  });

  it('is run by a fleet that stays, is mended and goes home', async () => {
    await using sandbox = await Sandbox.open();
    const folder = sandbox.path('line-tally');
    await longshore(['plugin', 'new', 'line-tally', '--folder', folder]);
    await using orchestrator = startProgram('orchestrator', {
      ...sandbox.environment,
      LONGSHORE_PORT: '0',
      LONGSHORE_PLUGINS: folder,
    });
    const [, url = ''] = await orchestrator.wrote(/serves at (http:[^\s"]+)/);
    const fleet = async (...args: string[]) => longshore(['fleet', ...args], sandbox.environment);
    const up = ['up', '--workers', '2', '--plugin', folder, '--url', url, '--json'];
    try {
      const both = await Promise.all([fleet(...up), fleet(...up)]);
      expect(both).toMatchObject([
        { code: 0, stderr: '' },
        { code: 0, stderr: '' },
      ]);
      const [first, second] = both.map(({ stdout }) => JSON.parse(stdout) as Fleet) as [Fleet, Fleet];
      expect(first.workers).toHaveLength(2);
      expect(first.workers.every((worker) => worker.worker_id !== undefined)).toBe(true);
      expect(second.workers.map(({ pid }) => pid)).toEqual(first.workers.map(({ pid }) => pid));

      const results = sandbox.path('results');
      const job = ['--plugin', 'line-tally', '--input', `${folder}/example/input`, '--output', results];
      expect(await longshore(['submit', ...job, '--url', url, '--wait', '--quiet'])).toMatchObject({ code: 0 });
      expect((await filesBelow(results)).get('counts.csv')?.toString()).toBe(
        await readFile(`${folder}/example/expected/counts.csv`, 'utf8'),
      );

      const [lost, left] = first.workers as [Fleet['workers'][0], Fleet['workers'][0]];
      process.kill(lost.pid, 'SIGKILL');
      const status = async () => JSON.parse((await fleet('status', '--json')).stdout) as Fleet;
      await eventually(
        async () => (await status()).workers.some(({ process: state }) => state === 'gone') || undefined,
        5_000,
        () => 'the fleet to miss a worker',
      );
      const mended = JSON.parse((await fleet('up', '--workers', '2', '--json')).stdout) as Fleet;
      expect(mended.workers.map(({ worker }) => worker)).toEqual([left.worker, 'fleet-3']);

      const down = await fleet('down');
      expect(down).toMatchObject({ code: 0, stdout: 'fleet fleet: 2 workers gone\n' });
      expect(await status()).toMatchObject({ wanted: 0, workers: [] });
      for (const { pid } of mended.workers) expect(await commandOf(pid)).toBe('');
    } finally {
      await fleet('down', '--now');
    }
  });
});

/** Nothing of a process that has ended, reaped or not. */
async function commandOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}
