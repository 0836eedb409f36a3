/** The disk of the state fails, or is full, while a job runs. */
import { execFileSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Problem } from '@longshore/core/protocol';
import { faults } from './support/faults.js';
import { MortalOrchestrator } from './support/mortal-orchestrator.js';
import { eventually, startProgram, type Ended } from './support/process.js';
import { Sandbox } from './support/sandbox.js';
import { ScriptedWorker } from './support/scripted-worker.js';

interface Life {
  ends: Ended[];
  problems: string[];
  calls: string;
}

/** A small job to its end, with an accident on the way. */
async function live(accident: string): Promise<Life> {
  await using sandbox = await Sandbox.open();
  await sandbox.write('in/a.txt', 'a');
  await sandbox.write('in/b.txt', 'b');
  const ends: Ended[] = [];
  const problems: string[] = [];
  await using orchestrator = MortalOrchestrator.start(sandbox, accident, async (end) => {
    ends.push(end);
    problems.push(...(await orchestrator.state((store) => faults(store, worker))));
  });
  const worker = new ScriptedWorker(orchestrator, sandbox);
  await worker.register();
  const jobId = await worker.submit('in', 'out');
  await worker.cancel(await worker.submit('in', 'nowhere'));
  expect(await worker.workUntilEnd(jobId)).toMatchObject({ state: 'completed', objects: { completed: 2 } });
  problems.push(...(await worker.history.changed()));
  problems.push(...(await orchestrator.state((store) => faults(store, worker))));
  return { ends, problems, calls: await readFile(orchestrator.log, 'utf8') };
}

describe('a disk that fails', () => {
  it.each([
    'fsync:error=EIO:when=6',
    'fsync:error=EIO:when=15',
    'fsync:error=EIO:when=24',
    'pwrite64:error=EIO:when=150',
  ])(
    'D2: ends the orchestrator with a sentence instead of being tried again, and the next one has every answer (%s)',
    async (accident) => {
      const { ends, problems, calls } = await live(accident);
      expect(problems).toEqual([]);
      expect(ends).toEqual([expect.objectContaining({ code: 1 })]);
      expect(ends[0]?.stderr).toMatch(/longshore orchestrator: The state file .*disk I\/O error\. Look after its disk/);
      const [, after = ''] = calls.split('(INJECTED)');
      expect(after.match(/(fsync|pwrite64)\(.*state\.db-wal/g) ?? []).toEqual([]);
    },
  );
});

describe('a disk that is full for a while', () => {
  it('D1: refuses what it cannot record, changes nothing by halves, and goes on when there is room', async () => {
    const { ends, problems, calls } = await live('pwrite64:error=ENOSPC:when=200..215');
    expect(calls.match(/ENOSPC/g)?.length).toBeGreaterThan(3);
    expect([ends, problems]).toEqual([[], []]);
  });
});

describe('an orchestrator on a full disk', () => {
  it('D1: answers 503 with the time to try again, is alive but not ready, and works on when there is room', async () => {
    await using sandbox = await Sandbox.open();
    await sandbox.write('in/a.txt', 'a');
    const folder = sandbox.path('state');
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', folder]);
    try {
      await using orchestrator = startProgram('orchestrator', {
        ...sandbox.environment,
        LONGSHORE_PORT: '0',
        LONGSHORE_PLUGINS: 'echo',
      });
      const [, url = ''] = await orchestrator.wrote(/serves at (http:[^\s"]+)/);
      const status = async (path: string) => (await fetch(url + path)).status;
      const worker = new ScriptedWorker({ url: async () => url }, sandbox);
      await worker.register();
      expect(await status('/readyz')).toBe(200);

      const filler = sandbox.path('state', 'filler');
      await writeFile(filler, Buffer.alloc(64 * 1024 * 1024)).catch(() => undefined);
      const refused = await submitUntilRefused(url, sandbox);
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
      expect((await refused.json()) as Problem).toMatchObject({
        code: 'disk-full',
        remedy: expect.stringMatching(/room/),
      });
      expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503]);
      const working = worker.submit('in', 'out').then((id) => worker.workUntilEnd(id));

      await rm(filler);
      expect(await working).toMatchObject({ state: 'completed' });
      expect(await status('/readyz')).toBe(200);
      const held = await fetch(`${url}/api/v1/admin/invariants`);
      expect(await held.json()).toMatchObject({ holds: true });
    } finally {
      await eventually(
        () => unmounted(folder),
        10_000,
        () => `${folder} to be unmounted`,
      );
    }
  });
});

/** Submits jobs with much in them, of which none has an input, until there is no room for another one. */
async function submitUntilRefused(url: string, sandbox: Sandbox): Promise<Response> {
  const request = { plugin: 'echo', input: sandbox.path('nothing'), output: sandbox.path('nowhere') };
  const include = Array.from({ length: 100 }, (_, index) => `${index}${'x'.repeat(1_000)}`);
  for (let tries = 0; tries < 200; tries += 1) {
    const response = await fetch(`${url}/api/v1/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...request, include }),
    });
    if (!response.ok) return response;
  }
  throw new Error('The disk was never full.');
}

function unmounted(folder: string): true | undefined {
  try {
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    return undefined;
  }
}
