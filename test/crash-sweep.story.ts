/**
 * The orchestrator killed at every sync and at writes of its state file, over the whole life of a small job. `LONGSHORE_CRASH_POINT=fsync:7`
 * repeats one death; `LONGSHORE_CRASH_WRITES=all` takes every write instead of some.
 */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { MemoryJobStore } from '@longshore/core/testing';
import { faults } from './support/faults.js';
import { MortalOrchestrator } from './support/mortal-orchestrator.js';
import { filesBelow, Sandbox } from './support/sandbox.js';
import { ScriptedWorker } from './support/scripted-worker.js';

const atOnce = 2;
const writesTaken = Number((process.env.LONGSHORE_CRASH_WRITES ?? '12').replace('all', 'Infinity'));
const onlyPoint = process.env.LONGSHORE_CRASH_POINT;

interface Life {
  deaths: number;
  problems: string[];
  /** Answers that a store which holds nothing is told off for. */
  facts: number;
  calls: Record<'fsync' | 'pwrite64', number>;
}

/** One job done and one cancelled, with the orchestrator killed at one call on the way. */
async function live(point?: string): Promise<Life> {
  await using sandbox = await Sandbox.open();
  await sandbox.write('in/a.txt', 'a');
  await sandbox.write('in/b.txt', 'b');
  const problems: string[] = [];
  const kill = point?.replace(':', ':signal=SIGKILL:when=');
  await using orchestrator = MortalOrchestrator.start(sandbox, kill, async () => {
    problems.push(...(await orchestrator.state((store) => faults(store, worker))));
  });
  const worker = new ScriptedWorker(orchestrator, sandbox);
  await worker.register();
  const wanted = await worker.submit('in', 'out');
  await worker.cancel(await worker.submit('in', 'nowhere'));
  const ended = await worker.workUntilEnd(wanted);
  const calls = countCalls(await readFile(orchestrator.log, 'utf8'));
  problems.push(...(await worker.history.changed()));
  problems.push(...(await orchestrator.state((store) => faults(store, worker))));
  if (ended.state !== 'completed') problems.push(`The job ended as ${ended.state}: ${ended.failure?.message}`);
  const names = [...(await filesBelow(sandbox.path('out'))).keys()].sort();
  const expected = ['a.txt', 'a.txt.sha256', 'b.txt', 'b.txt.sha256'];
  if (names.join() !== expected.join()) problems.push(`The output holds ${names.join(', ')}.`);
  const facts = (await worker.history.lost(new MemoryJobStore())).length;
  return { deaths: orchestrator.deaths, problems, facts, calls };
}

function countCalls(log: string): Life['calls'] {
  const count = (call: string) => log.split('\n').filter((line) => line.includes(` ${call}(`)).length;
  return { fsync: count('fsync'), pwrite64: count('pwrite64') };
}

/** Every sync, and writes spread over the whole life. */
function pointsOf({ fsync, pwrite64 }: Life['calls']): string[] {
  if (onlyPoint !== undefined) return [onlyPoint];
  const step = Math.max(1, pwrite64 / writesTaken);
  const writes = Array.from({ length: Math.ceil(pwrite64 / step) }, (_, index) => Math.floor(index * step) + 1);
  return [
    ...Array.from({ length: fsync }, (_, index) => `fsync:${index + 1}`),
    ...writes.map((number) => `pwrite64:${number}`),
  ];
}

describe('an orchestrator that is killed', () => {
  it('A6 I3: keeps every answer it gave, and repeats it, whichever sync or write of the state file it dies at', async () => {
    const undisturbed = await live();
    expect(undisturbed).toMatchObject({ deaths: 0, problems: [] });
    expect(undisturbed.facts).toBe(4 + 2 * 5);
    const points = pointsOf(undisturbed.calls);
    const waiting = [...points];
    const failures: string[] = [];
    let deaths = 0;
    const killOneByOne = async () => {
      for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
        const life = await live(point).catch((thrown: unknown) => ({ deaths: 0, problems: [String(thrown)] }));
        deaths += life.deaths;
        failures.push(...life.problems.map((problem) => `LONGSHORE_CRASH_POINT=${point}: ${problem}`));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, killOneByOne));
    expect(failures).toEqual([]);
    // The last few calls may belong to what happens a moment later in another life.
    expect(deaths).toBeGreaterThan(points.length * 0.8);
    console.log(`${deaths} deaths at ${points.length} points of ${JSON.stringify(undisturbed.calls)}`);
  }, 480_000);
});
