import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FleetDescription } from '@longshore/core';
import { fleetProviderContract } from '@longshore/core/testing';
import { LocalFleetProvider } from './local-fleet-provider.js';
import { identityOf } from './process-identity.js';

/** Leaves when it is told to, as a worker does; as long as the file "dawdle" is there, it takes its time. */
const worker = `
trap 'while [ -e "$HOME_OF_TEST/dawdle" ]; do sleep 0.02; done; exit 0' TERM
echo "$LONGSHORE_WORKER_NAME runs $LONGSHORE_PLUGIN for $LONGSHORE_URL with $SECRET"
while :; do sleep 0.02; done
`;
const template = { plugin: 'echo', slots: 1, environment: { LONGSHORE_URL: 'http://127.0.0.1:1' } };

async function place() {
  const folder = await mkdtemp(join(tmpdir(), 'longshore-fleet-'));
  const home = join(folder, 'fleets');
  const environment = { PATH: process.env.PATH, HOME_OF_TEST: folder, SECRET: 'open-sesame' };
  const open = () => new LocalFleetProvider({ home, command: ['/bin/sh', '-c', worker], environment, folder });
  const provider = open();
  return {
    folder,
    home,
    open,
    provider,
    close: async () => {
      await rm(join(folder, 'dawdle'), { force: true });
      for (const name of ['nuclei', 'cells']) {
        const fleet = await provider.describe(name).catch(() => undefined);
        if (fleet) await provider.scale(name, { workers: 0, surplus: 'now' });
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 10_000; !(await holds()); await sleep(10)) {
    if (performance.now() > end) throw new Error('It did not come to that.');
  }
}

fleetProviderContract('a fleet of processes', async () => {
  const { folder, open, provider, close } = await place();
  return {
    provider,
    other: open(),
    template,
    kill: async (id) => {
      process.kill(Number(id), 'SIGKILL');
      await until(() => identityOf(Number(id)) === undefined);
    },
    dawdle: async (fleet) => {
      await writeFile(join(folder, 'dawdle'), '');
      const { members = [] } = (await provider.describe(fleet)) ?? {};
      for (const { log = '' } of members) await until(async () => (await readFile(log, 'utf8')) !== '');
    },
    finish: async (fleet) => {
      await rm(join(folder, 'dawdle'), { force: true });
      await until(async () => !(await provider.describe(fleet))?.members.some(({ state }) => state === 'draining'));
    },
    close,
  };
});

describe('a fleet of processes', () => {
  let here: Awaited<ReturnType<typeof place>>;

  beforeEach(async () => {
    here = await place();
  });

  afterEach(() => here.close());

  const start = async (workers = 1): Promise<FleetDescription['members']> =>
    (await here.provider.scale('nuclei', { workers, template })).members;

  it('hands on what workers are told, and keeps what they say in files', async () => {
    const [first, second] = await start(2);
    for (const { worker: name, log = '' } of [first, second] as FleetDescription['members']) {
      await until(async () => (await readFile(log, 'utf8')).includes('\n'));
      expect(await readFile(log, 'utf8')).toBe(`${name} runs echo for http://127.0.0.1:1 with open-sesame\n`);
    }
  });

  it('writes down no secret', async () => {
    await start();
    const kept = await readFile(join(here.home, 'fleets.sqlite'), 'latin1');
    expect(kept).toContain('nuclei-1');
    expect(kept).not.toContain('open-sesame');
  });

  it('never ends another process that was given the id of a worker', async () => {
    const [member] = await start();
    const { id, worker: name } = member!;
    process.kill(Number(id), 'SIGKILL');
    // The kernel counts starts in hundredths of a second; ids are not used again as soon as that.
    await sleep(30);
    const stranger = spawn('sleep', ['60']);
    try {
      rewrite((facts) => facts.replace(`"pid":${id}`, `"pid":${stranger.pid}`));
      expect(await here.provider.describe('nuclei')).toMatchObject({ members: [{ worker: name, state: 'gone' }] });
      await here.provider.scale('nuclei', { workers: 0 });
      await here.provider.scale('nuclei', { workers: 0, surplus: 'now' });
      await sleep(50);
      expect([stranger.exitCode, stranger.signalCode]).toEqual([null, null]);
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('takes up a fleet whose workers all ended with the machine', async () => {
    for (const { id } of await start(2)) process.kill(Number(id), 'SIGKILL');
    rewrite((facts) => facts.replaceAll(/"pid":\d+/g, '"pid":4194999'));
    expect((await start(2)).map(({ worker: name, state }) => [name, state])).toEqual([
      ['nuclei-3', 'running'],
      ['nuclei-4', 'running'],
    ]);
  });

  it('starts no worker that is not written down', async () => {
    await start();
    const database = new DatabaseSync(join(here.home, 'fleets.sqlite'));
    database.exec("CREATE TRIGGER full BEFORE UPDATE ON fleet BEGIN SELECT raise(ABORT, 'disk is full'); END");
    database.close();
    await expect(here.provider.scale('nuclei', { workers: 2 })).rejects.toMatchObject({ code: 'state-damaged' });
    await sleep(200);
    expect(await readFile(join(here.home, 'nuclei', 'nuclei-2.log'), 'utf8')).toBe('');
    const reopened = new DatabaseSync(join(here.home, 'fleets.sqlite'));
    reopened.exec('DROP TRIGGER full');
    reopened.close();
    expect(await start(1)).toHaveLength(1);
  });

  it('says so when what it wrote down is damaged, and leaves it alone', async () => {
    await mkdir(here.home, { recursive: true });
    const path = join(here.home, 'fleets.sqlite');
    await writeFile(path, 'no database at all, and longer than a header of one would be '.repeat(20));
    await expect(start()).rejects.toMatchObject({ code: 'state-damaged', remedy: expect.stringContaining('move') });
    expect(await readFile(path, 'utf8')).toContain('no database at all');
  });

  function rewrite(change: (facts: string) => string): void {
    const database = new DatabaseSync(join(here.home, 'fleets.sqlite'));
    const { facts } = database.prepare('SELECT facts FROM fleet').get() as { facts: string };
    database.prepare('UPDATE fleet SET facts = ?').run(change(facts));
    database.close();
  }
});
