/** An answer leaves only after what it says is on the disk: read from the system calls, because a kill can never show it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { answerOrder, type AnswerOrder } from './support/answer-order.js';
import { Sandbox } from './support/sandbox.js';
import { ScriptedWorker } from './support/scripted-worker.js';
import { orchestratorEntry, startWatched } from './support/strace.js';

const careless = join(import.meta.dirname, 'programs', 'careless-orchestrator.mjs');

/** A whole small job against a program whose calls are written down. */
async function orderOf(program: string): Promise<AnswerOrder> {
  await using sandbox = await Sandbox.open();
  await sandbox.write('in/a.txt', 'a');
  await sandbox.write('in/b.txt', 'b');
  const log = sandbox.path('calls');
  const trace = 'pwrite64,fsync,fdatasync,write,writev,sendto';
  await using orchestrator = startWatched({ trace, log }, [program], {
    ...sandbox.environment,
    LONGSHORE_PORT: '0',
    LONGSHORE_PLUGINS: 'echo',
  });
  const [, url = ''] = await orchestrator.wrote(/serves at (http:[^\s"]+)/);
  const worker = new ScriptedWorker({ url: async () => url }, sandbox);
  await worker.register();
  const jobId = await worker.submit('in', 'out');
  await worker.cancel(await worker.submit('in', 'nowhere'));
  expect(await worker.workUntilEnd(jobId)).toMatchObject({ state: 'completed' });
  await orchestrator.stop('SIGKILL');
  return answerOrder(await readFile(log, 'utf8'), sandbox.path('state', 'state.db-wal'));
}

describe('the order of disk and answer', () => {
  it('D3: no answer leaves the orchestrator while anything of its state is not on the disk', async () => {
    const order = await orderOf(orchestratorEntry());
    expect(order).toMatchObject({ early: 0 });
    expect(order.answers).toBeGreaterThan(15);
    expect(order.syncs).toBeGreaterThan(15);
  });

  it('D3: an orchestrator that does not wait for the disk is found out', async () => {
    const order = await orderOf(careless);
    expect(order.early).toBeGreaterThan(15);
  });
});
