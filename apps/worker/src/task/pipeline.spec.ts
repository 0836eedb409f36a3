import { readdir, symlink } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { ScriptedCall } from '@longshore/core/testing';
import { gatedWorker, stale } from '../testing/gates.js';

const outputsOf = ({ mounts }: ScriptedCall) => mounts.find(({ readOnly }) => !readOnly)!.host;

describe('a slot', () => {
  it('fetches the next task while one runs, one stands aside and one is staged, and none overtakes another', async () => {
    const { bench, gates, give, until, told } = await gatedWorker();
    await using _ = bench;
    give('a', 'b', 'c', 'd', 'e');
    await until('fetch a');
    gates.open('fetch a');
    await until('run a', 'fetch b');
    gates.open('fetch b');
    await bench.settle();
    expect([...gates.reached].sort()).toEqual(['fetch a', 'fetch b', 'run a']);
    gates.open('run a');
    await until('stage a', 'run b', 'fetch c');
    gates.open('fetch c', 'run b');
    // What b left stands aside until a is staged, and holds up nobody.
    await until('run c', 'fetch d');
    gates.open('fetch d', 'run c');
    await bench.settle();
    // What c left would have to stand there too, so it waits, and so does everything behind it.
    expect(bench.client.statuses.filter((status) => status === 'waiting')).toHaveLength(3);
    expect(gates.reached.slice(3).sort()).toEqual(['fetch c', 'fetch d', 'run b', 'run c', 'stage a']);
    expect([bench.client.queue.map(({ task_id }) => task_id), told()]).toEqual([
      ['e'],
      ['processing b', 'processing c'],
    ]);
    gates.open('stage a');
    await until('publish a', 'stage b', 'run d', 'fetch e');
    gates.openAll('fetch', 'run', 'stage', 'publish');
    await bench.until(() => told().includes('published e'));
    expect(bench.objects.keys('results')).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `out/${name}.out`));
    expect(told().filter((line) => line.startsWith('processing'))).not.toContain('processing a');
  });

  it('shows a command the files of its own task alone', async () => {
    const seen: string[][] = [];
    const program = async (call: ScriptedCall) => {
      const folders = call.mounts.map(({ host }) => host);
      for (const folder of folders) seen.push((await readdir(folder)).sort());
      for (const name of call.argv.slice(1)) await call.write(`/outputs/${name}.out`, 'done');
      return { exitCode: 0 };
    };
    const { bench, gates, give, until, told } = await gatedWorker({ program });
    await using _ = bench;
    give('a', 'b', 'c');
    gates.openAll('fetch');
    await until('run a', 'fetch b');
    await bench.settle();
    gates.open('run a');
    await until('stage a', 'run b', 'fetch c');
    await bench.settle();
    gates.openAll('run', 'stage', 'publish');
    await bench.until(() => told().includes('published c'));
    expect(seen).toEqual([['a'], [], ['b'], [], ['c'], []]);
  });

  it('takes nothing ahead where it is told not to', async () => {
    const { bench, gates, give, until, told } = await gatedWorker({ settings: { LONGSHORE_PREFETCH: '0' } });
    await using _ = bench;
    give('a', 'b');
    gates.openAll('fetch', 'run');
    await until('stage a');
    gates.open('stage a');
    await until('publish a');
    await bench.settle();
    expect([gates.reached, told()]).toEqual([['fetch a', 'run a', 'stage a', 'publish a'], ['completed a']]);
    gates.openAll('stage', 'publish');
    await bench.until(() => told().includes('published b'));
  });

  it('takes the next when the last runs no more, at an orchestrator that knows of no tasks that wait', async () => {
    const { bench, gates, give, until, told } = await gatedWorker();
    await using _ = bench;
    bench.client.onRegister = () => ({ tasks_ahead: undefined, turns: undefined });
    give('a', 'b');
    gates.openAll('fetch');
    await until('run a');
    await bench.settle();
    const waits = [...gates.reached];
    gates.open('run a');
    await until('stage a', 'run b');
    expect([waits, told()]).toEqual([['fetch a', 'run a'], []]);
  });

  it('gives the next command a container of its own after outputs that are not fit to be looked at', async () => {
    const left: string[][] = [];
    const program = async (call: ScriptedCall) => {
      const [, name] = call.argv;
      left.push(await readdir(outputsOf(call)));
      await call.write(`/outputs/${name}.out`, 'done');
      if (name === 'a') await symlink('/etc/passwd', `${outputsOf(call)}/door`);
      return { exitCode: 0 };
    };
    const { bench, gates, give, until, told } = await gatedWorker({ program });
    await using _ = bench;
    give('a', 'b');
    gates.openAll('fetch', 'stage', 'publish');
    await until('run a', 'fetch b');
    const [before] = await bench.engine.list('longshore.worker');
    gates.open('run a');
    await until('run b');
    const [after] = await bench.engine.list('longshore.worker');
    gates.open('run b');
    await bench.until(() => told().includes('published b'));
    expect(told().sort()).toEqual(['completed b', 'failed a', 'processing b', 'published b']);
    expect(bench.client.reports.find(({ status }) => status === 'failed')?.details).toMatchObject({
      code: 'output-not-a-file',
    });
    expect([after?.id === before?.id, left]).toEqual([false, [[], []]]);
  });
});

describe('a task that waits for another to end', () => {
  it('fails alone when it cannot be fetched', async () => {
    const { bench, gates, give, until, told } = await gatedWorker();
    await using _ = bench;
    give('a', 'b', 'c');
    bench.objects.remove('images', 'in/b');
    gates.openAll('fetch');
    await until('run a', 'fetch b', 'fetch c');
    expect(told()).toEqual(['failed b']);
    gates.openAll('run', 'stage', 'publish');
    await bench.until(() => told().includes('published c'));
    expect(bench.objects.keys('results')).toEqual(['out/a.out', 'out/c.out']);
  });

  it('is handed back when the worker drains, and what runs goes on', async () => {
    const { bench, gates, give, until, told } = await gatedWorker();
    await using _ = bench;
    give('a', 'b');
    gates.openAll('fetch', 'stage', 'publish');
    await until('run a', 'fetch b');
    await bench.settle();
    bench.departure.drain('the test wants it to leave');
    await bench.until(() => told().includes('released b'));
    gates.open('run a');
    expect(await bench.ended()).toBeUndefined();
    expect(told()).toEqual(['released b', 'completed a', 'published a', 'shutting-down']);
    expect([bench.objects.keys('results'), await bench.left()]).toEqual([['out/a.out'], []]);
  });

  it('is dropped when its lease is lost, and another one is taken', async () => {
    const { bench, gates, give, until, told } = await gatedWorker();
    await using _ = bench;
    give('a', 'b');
    await until('fetch a');
    gates.open('fetch a');
    await until('run a', 'fetch b');
    bench.client.onHeartbeat = () => ({ orders: [{ assignment_id: 'b.1', order: 'cancel' }] });
    await bench.clock.advance(2_000);
    give('c');
    await until('fetch c');
    gates.openAll('fetch', 'run', 'stage', 'publish');
    await bench.until(() => told().includes('published c'));
    expect(told().some((line) => line.endsWith(' b'))).toBe(false);
    expect(bench.client.beats.at(-1)?.map(({ assignment_id }) => assignment_id)).toEqual(['a.1', 'b.1']);
  });

  it('is stopped and says nothing when somebody else turns out to have it', async () => {
    const { bench, gates, give, until, told } = await gatedWorker();
    await using _ = bench;
    bench.client.onReport = ({ status, assignment_id }) => {
      if (status === 'processing' && assignment_id === 'b.1') throw stale;
    };
    give('a', 'b', 'c');
    gates.openAll('fetch', 'stage', 'publish');
    await until('run a', 'fetch b');
    gates.open('run a');
    await until('run c');
    gates.openAll('run');
    await bench.until(() => told().includes('published c'));
    expect(told().some((line) => line.endsWith(' b'))).toBe(false);
  });
});

describe('a worker that has to stop', () => {
  it.each<[string, string[], string[]]>([
    ['fetched', ['fetch a'], ['released a']],
    ['run, and another waits', ['run a', 'fetch b'], ['released a', 'released b']],
    [
      'staged, while the next runs and another waits',
      ['stage a', 'run b', 'fetch c'],
      ['released a', 'released b', 'released c'],
    ],
    [
      'staged, while one stands aside, the next runs and another waits',
      ['stage a', 'run c', 'fetch d'],
      ['released a', 'released b', 'released c', 'released d'],
    ],
  ])('hands back what is being %s, and leaves nothing', async (_, where, said) => {
    const { bench, gates, give, until, told } = await gatedWorker();
    await using _bench = bench;
    give(...said.map((line) => line.replace('released ', '')));
    if (where.includes('run a')) gates.open('fetch a');
    if (where.includes('stage a')) gates.open('fetch a', 'run a', 'fetch b');
    if (where.includes('run c')) gates.open('run b', 'fetch c');
    await until(...where);
    bench.departure.stop('asked', 'it received SIGTERM');
    expect(await bench.ended()).toBeUndefined();
    const handedBack = told().filter((line) => line.startsWith('released'));
    expect([handedBack.sort(), told().at(-1)]).toEqual([said, 'shutting-down']);
    expect([await bench.left(), bench.objects.stagedCount, await bench.engine.list('longshore.worker')]).toEqual([
      [],
      0,
      [],
    ]);
  });

  it('says what is accepted already, and publishes it', async () => {
    const { bench, gates, give, until, told } = await gatedWorker();
    await using _ = bench;
    give('a', 'b');
    gates.openAll('fetch', 'stage');
    await until('run a');
    gates.open('run a');
    await until('publish a', 'run b');
    bench.departure.stop('asked', 'it received SIGTERM');
    gates.openAll('publish');
    expect(await bench.ended()).toBeUndefined();
    expect(
      told()
        .filter((line) => !line.startsWith('processing'))
        .sort(),
    ).toEqual(['completed a', 'published a', 'released b', 'shutting-down']);
  });
});
