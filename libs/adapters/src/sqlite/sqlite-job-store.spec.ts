import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endedJobStates, taskStates, type TaskState } from '@longshore/core';
import { jobStoreContract } from '@longshore/core/testing';
import { SqliteJobStore } from './index.js';
import { startBusyProcess } from './testing/busy-process.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-state-'));
  path = join(folder, 'state.db');
});

afterEach(() => rm(folder, { recursive: true }));

jobStoreContract('SqliteJobStore', async () => {
  let current = new SqliteJobStore(path);
  return {
    store: current,
    reopen: async () => {
      await current.close();
      current = new SqliteJobStore(path);
      return current;
    },
    close: () => current.close(),
  };
});

describe('a state file', () => {
  it('is refused to a second process while a first one has it open', async () => {
    const store = new SqliteJobStore(path);
    const second = startBusyProcess(path, 'second');
    await second.hasSaid(1);
    await second.kill();
    expect(second.said).toEqual(['refused state-in-use']);
    await store.close();
  });

  it('is refused while another process has it open, and free again at once when that one is killed', async () => {
    const first = startBusyProcess(path, 'first');
    await first.hasSaid(1);
    expect(() => new SqliteJobStore(path)).toThrow(
      expect.objectContaining({ code: 'state-in-use', message: expect.stringContaining(path) }),
    );
    await first.kill();
    await new SqliteJobStore(path).close();
  });

  it('holds every change that was acknowledged before a kill -9', async () => {
    for (const [round, lines] of [40, 150, 400].entries()) {
      const busy = startBusyProcess(path, `round-${round}`);
      await busy.hasSaid(lines);
      await busy.kill();
      const store = new SqliteJobStore(path);
      expect(busy.said.length).toBeGreaterThanOrEqual(lines);
      expect(await missing(store, busy.said)).toEqual([]);
      expect(await miscounted(store)).toEqual([]);
      await store.close();
    }
  });
});

/** The acknowledged changes that a store does not hold; it may well hold later ones, whose answer was never given. */
async function missing(store: SqliteJobStore, acknowledged: readonly string[]): Promise<string[]> {
  const lost: string[] = [];
  for (const line of acknowledged) {
    const [what, id = '', state = ''] = line.split(' ');
    if (what === 'job' && !reached(['pending', 'running'], (await store.findJob(id))?.state, state)) lost.push(line);
    if (what === 'task' && !reached(taskStates, (await store.findTask(id))?.state, state)) lost.push(line);
  }
  return lost;
}

function reached<S extends string>(order: readonly S[], found: S | undefined, state: string): boolean {
  return found !== undefined && order.indexOf(found) >= order.indexOf(state as S);
}

/** The jobs whose running totals are not those of their tasks. */
async function miscounted(store: SqliteJobStore): Promise<string[]> {
  const jobs = await store.jobsIn(['pending', 'running', ...endedJobStates]);
  const wrong: string[] = [];
  for (const { id, counts } of jobs) {
    const { items } = await store.listTasks(id, { limit: 500 });
    const right = (state: TaskState) => counts.tasks[state] === items.filter((task) => task.state === state).length;
    if (!taskStates.every(right)) wrong.push(id);
  }
  return wrong;
}
