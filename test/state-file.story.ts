/** One file, one owner; copied while it is in use, and brought back. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { JobAnswer, PageAnswer } from '@longshore/core/protocol';
import { longshore, startProgram, type Process } from './support/process.js';
import { Sandbox } from './support/sandbox.js';
import { ScriptedWorker } from './support/scripted-worker.js';

function start(sandbox: Sandbox): Process {
  return startProgram('orchestrator', {
    ...sandbox.environment,
    LONGSHORE_PORT: '0',
    LONGSHORE_PLUGINS: 'echo',
  });
}

async function urlOf(orchestrator: Process): Promise<string> {
  return (await orchestrator.wrote(/serves at (http:[^\s"]+)/))[1] ?? '';
}

/** Another program that keeps the lock of the file for so long, or until it is told to let go. */
async function holdLock(path: string, ms: number): Promise<() => void> {
  const program = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(process.argv[1]);
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    console.log('held');
    setTimeout(() => database.close(), Number(process.argv[2]));
  `;
  const child = spawn(process.execPath, ['-e', program, path, String(ms)], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return () => child.kill();
}

describe('a state file that somebody has open', () => {
  it('A10: is refused to a second orchestrator, which says who holds it, and free once that one is killed', async () => {
    await using sandbox = await Sandbox.open();
    await using first = start(sandbox);
    const url = await urlOf(first);
    const second = await start(sandbox).ended;
    expect(second.code).toBe(1);
    const names = `process id ${first.pid} on \\S+, started 20\\S+Z, serving at ${url}, has ${sandbox.path('state', 'state.db')} open`;
    expect(second.stderr).toMatch(new RegExp(names));
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await first.stop('SIGKILL');
    await using third = start(sandbox);
    expect((await fetch(`${await urlOf(third)}/readyz`)).status).toBe(200);
    await third.stop();
    expect(await readdir(sandbox.path('state'))).toEqual(['state.db']);
  });

  it('D4: is waited for when it is free soon, and refused with a sentence when it is not', async () => {
    await using sandbox = await Sandbox.open();
    const maker = start(sandbox);
    await urlOf(maker);
    await maker.stop();
    const path = sandbox.path('state', 'state.db');
    await holdLock(path, 1_500);
    await using patient = start(sandbox);
    expect((await fetch(`${await urlOf(patient)}/readyz`)).status).toBe(200);
    await patient.stop();

    const letGo = await holdLock(path, 10_000);
    const refused = await start(sandbox).ended;
    letGo();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/Another process has \S+state\.db open\. Stop it first/);
  });
});

describe('a state that is backed up', () => {
  it('D13: is copied while workers work, and comes back so that the job ends right', async () => {
    await using sandbox = await Sandbox.open();
    await sandbox.write('in/a.txt', 'a');
    await sandbox.write('in/b.txt', 'b');
    const backup = sandbox.path('backup.db');
    await using first = start(sandbox);
    const url = await urlOf(first);
    const worker = new ScriptedWorker({ url: async () => url }, sandbox);
    await worker.register();
    const jobId = await worker.submit('in', 'out');
    expect(await longshore(['backup', backup, '--url', url])).toMatchObject({ code: 0 });
    expect(await worker.workUntilEnd(jobId)).toMatchObject({ state: 'completed' });

    expect(await longshore(['restore', backup], sandbox.environment)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/has \S+state\.db open\. Stop it first/),
    });
    await first.stop();
    await writeFile(sandbox.path('state', 'state.db'), 'damaged '.repeat(10_000));
    const damaged = await start(sandbox).ended;
    expect(damaged.stderr).toMatch(/damaged.*longshore restore/);
    expect(await longshore(['restore', backup], sandbox.environment)).toMatchObject({ code: 0 });

    await using second = start(sandbox);
    const again = await urlOf(second);
    const { items } = (await (await fetch(`${again}/api/v1/jobs`)).json()) as PageAnswer<JobAnswer>;
    expect(items).toMatchObject([{ id: jobId, objects: { completed: 0 } }]);
    const other = new ScriptedWorker({ url: async () => again }, sandbox);
    await other.register();
    expect(await other.workUntilEnd(jobId)).toMatchObject({ state: 'completed', objects: { completed: 2 } });
    expect(await longshore(['invariants', '--exclusive', '--url', again])).toMatchObject({ code: 0 });
  });
});
