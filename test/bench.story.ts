/** The bench works: its suites run, its rows have their shape, and nothing is left of a run that is interrupted. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Process, repository, type Ended } from './support/process.js';
import { Sandbox } from './support/sandbox.js';

interface Row {
  suite: string;
  subject: string;
  metric: string;
  unit: string;
  median: number | null;
  runs: number[];
  versus: string | null;
  ratio: number | null;
  why?: string;
}

const suites = ['dispatch', 'memory'];

describe('a quick run of the bench without peers', () => {
  let sandbox: Sandbox;
  let ended: Ended;
  let rows: Row[];

  const start = (...args: string[]) =>
    new Process(process.execPath, [join(repository, 'bench/main.mjs'), ...args, '--quick', '--no-peers'], {
      TMPDIR: sandbox.path('tmp'),
    });

  beforeAll(async () => {
    sandbox = await Sandbox.open();
    await mkdir(sandbox.path('tmp'));
    ended = await start(...suites, '--json', sandbox.path('rows.json')).ended;
    rows = JSON.parse(await readFile(sandbox.path('rows.json'), 'utf8')) as Row[];
  });
  afterAll(() => sandbox[Symbol.asyncDispose]());

  it('knows every suite there is, and they can be loaded', async () => {
    const { code, stdout } = await start('--list').ended;
    const files = (await readdir(join(repository, 'bench/suites'))).map((file) => file.replace('.mjs', '')).sort();
    expect([code, stdout.split('\n').map((line) => line.split(' ')[0])]).toEqual([0, [...files, '']]);
  });

  it('runs the suites it was asked for, and ends well', () => {
    expect(ended).toMatchObject({ code: 0 });
    expect([...new Set(rows.map(({ suite }) => suite))]).toEqual(suites);
  });

  it('writes rows of numbers that agree with one another', () => {
    const measured = rows.filter(({ why }) => why === undefined);
    for (const suite of suites) expect(measured.map((row) => row.suite)).toContain(suite);
    for (const row of measured) {
      expect(Object.keys(row)).toEqual(['suite', 'subject', 'metric', 'unit', 'median', 'runs', 'versus', 'ratio']);
      expect(row.median).toBeGreaterThan(0);
      expect(Math.min(...row.runs)).toBeLessThanOrEqual(row.median!);
      expect(Math.max(...row.runs)).toBeGreaterThanOrEqual(row.median!);
      expect(row.ratio === null).toBe(row.versus === null);
    }
  });

  it('prints what it wrote, and says by name what was left out', () => {
    const lines = ended.stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^suite +subject +metric/);
    for (const { subject, why } of rows) {
      const wanted = why === undefined ? subject : `left out: ${subject}, because ${why}`;
      expect(lines.filter((line) => line.includes(wanted))).not.toEqual([]);
    }
    const missing = rows.filter(({ why }) => why !== undefined).map(({ subject }) => subject);
    expect(missing).toEqual(['redis', 'postgresql', 'celery', 'docker']);
  });

  it('leaves nothing behind when it is interrupted', async () => {
    const run = start('memory');
    await run.wrote(/orchestrator at rest: [\d.]+ MB/);
    run.killGroup('SIGINT');
    expect(await run.ended).toMatchObject({ code: 130 });
    expect(await readdir(sandbox.path('tmp'))).toEqual([]);
  });
});
