import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import type { TurnReport } from '@longshore/core/protocol';
import { DeskBench } from '../testing/desk-bench.js';
import { TurnDesk } from './turn-desk.js';

const never = new AbortController().signal;
const ended = (name: string, status = 'completed'): TurnReport => ({ status, assignment_id: `${name}.1`, fence: 1 });
const held = (name: string) => ({ assignment_id: `${name}.1`, fence: 1 });

function opened() {
  const bench = new DeskBench((tools) => new TurnDesk(tools));
  const { desk, orchestrator } = bench;
  const take = (max = 1, works: string[] = []) => desk.take({ max, held: () => works.map(held) }, never);
  const report = (name: string) => desk.report(ended(name), never);
  /** Turns without their ids, and how often each was sent. */
  const sent = () => orchestrator.turns.map(({ request_id: _, ...said }) => said);
  return { bench, desk, orchestrator, take, report, sent };
}

describe('a desk that speaks in turns', () => {
  it('says together what is ready together: reports, what was received, and the wish for more', async () => {
    const { desk, orchestrator, take, report, sent } = opened();
    orchestrator.give('c');
    const said = [report('a'), report('b'), desk.acknowledge(held('x'), false, never)];
    const { assignments } = await take(2);
    await Promise.all(said);
    expect(assignments.map(({ task_id }) => task_id)).toEqual(['c']);
    expect(sent()).toEqual([{ reports: [ended('a'), ended('b')], assignments: [held('x')], max: 2 }]);
  });

  it('gathers what becomes ready while a turn is under way', async () => {
    const { bench, orchestrator, report, sent } = opened();
    const first = report('a');
    await bench.settle();
    orchestrator.mishaps.push('lost');
    const second = report('b');
    await bench.settle();
    const others = [report('c'), report('d')];
    await bench.settle();
    expect(sent()).toHaveLength(2);
    await bench.settle(900);
    await Promise.all([first, second, ...others]);
    expect(sent().map(({ reports = [] }) => reports.map(({ assignment_id }) => assignment_id))).toEqual([
      ['a.1'],
      ['b.1'],
      ['b.1'],
      ['c.1', 'd.1'],
    ]);
  });

  it('repeats a turn as it was, under its id, whatever came up since', async () => {
    const { bench, orchestrator, take, report } = opened();
    orchestrator.mishaps.push('unanswered', 'unanswered');
    orchestrator.give('b', 'c');
    const [said, coming] = [report('a'), take(1)];
    await bench.settle();
    const late = report('z');
    await bench.settle(10_000);
    await Promise.all([said, coming, late]);
    const [first, ...again] = orchestrator.turns.filter(({ max }) => max);
    expect(again).toEqual([first, first]);
    expect([orchestrator.heard, orchestrator.ready.length]).toEqual([['completed a.1', 'completed z.1'], 1]);
  });

  it('waits for work only where it has nothing to say, and names what it works on', async () => {
    const { bench, orchestrator, take, report, sent } = opened();
    const coming = take(3, ['a', 'b']);
    await bench.settle();
    expect(sent()).toEqual([{ assignments: [held('a'), held('b')], max: 3, wait: 20 }]);
    await report('a');
    expect(sent()[1]).toEqual({ reports: [ended('a')] });
    orchestrator.give('c');
    expect((await coming).assignments).toHaveLength(1);
  });

  it('asks again by itself when there was nothing to be had with the reports', async () => {
    const { bench, orchestrator, take, report, sent } = opened();
    const [said, coming] = [report('a'), take(1)];
    await said;
    expect((await coming).assignments).toEqual([]);
    const again = take(1);
    await bench.settle();
    expect(sent().map(({ wait = 0 }) => wait)).toEqual([0, 20]);
    orchestrator.give('b');
    await again;
  });

  it('says of what it named and holds no more that it was taken back', async () => {
    const { orchestrator, take } = opened();
    orchestrator.gone.add('b.1');
    orchestrator.give('c');
    expect((await take(1, ['a', 'b'])).cancelled).toEqual(['b.1']);
  });

  it('asks for nothing while it is unknown whether what it was given is known to be received', async () => {
    const { bench, desk, orchestrator, take, sent } = opened();
    orchestrator.give('a', 'b');
    await take(1);
    orchestrator.mishaps.push('silent');
    const leaving = new AbortController();
    const received = desk.acknowledge(held('a'), true, leaving.signal).catch(() => 'left');
    await bench.settle(1_000);
    const coming = take(1);
    await bench.settle(5_000);
    expect(sent()).toHaveLength(2);
    leaving.abort();
    expect(await received).toBe('left');
    await coming;
  });

  it('lets nothing wait for long behind a turn that hangs', async () => {
    const { bench, orchestrator, report, desk } = opened();
    orchestrator.mishaps.push('silent');
    const leaving = new AbortController();
    const hanging = desk.report(ended('a'), leaving.signal).catch(() => 'left');
    await bench.settle();
    const said = report('b');
    await bench.settle();
    expect(orchestrator.heard).toEqual([]);
    await bench.settle(1_000);
    expect(await said).toEqual({ message: 'recorded' });
    expect(orchestrator.heard).toEqual(['completed b.1']);
    leaving.abort();
    expect(await hanging).toBe('left');
  });

  it('goes on with a turn as long as one of those in it waits for the answer', async () => {
    const { bench, orchestrator, desk, report } = opened();
    orchestrator.mishaps.push('lost', 'lost');
    const leaving = new AbortController();
    const left = desk.report(ended('a'), leaving.signal).catch(() => 'left');
    const stays = report('b');
    await bench.settle();
    leaving.abort();
    expect(await left).toBe('left');
    await bench.settle(10_000);
    expect(await stays).toEqual({ message: 'recorded' });
  });

  it('says nothing for who has given up before it went', async () => {
    const { bench, desk, orchestrator } = opened();
    const leaving = new AbortController();
    const left = desk.report(ended('a'), leaving.signal).catch(() => 'left');
    leaving.abort();
    expect(await left).toBe('left');
    await bench.settle();
    expect(orchestrator.turns).toEqual([]);
  });

  it('puts no more into a turn than an orchestrator takes', async () => {
    const { desk, sent } = opened();
    const large = { log: 'x'.repeat(1_500_000) };
    const reports = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ ...ended(name), details: large }));
    await Promise.all(reports.map((report) => desk.report(report, never)));
    expect(sent().map(({ reports: said = [] }) => said.length)).toEqual([2, 2, 1]);
  });

  it('tries again where something else answers in the place of the orchestrator', async () => {
    const { bench, orchestrator, report } = opened();
    const { turn } = orchestrator;
    let isStrange = true;
    orchestrator.turn = async (...asked) => {
      const answer = await turn.apply(orchestrator, asked);
      if (!isStrange) return answer;
      isStrange = false;
      return {} as typeof answer;
    };
    const said = report('a');
    await bench.settle(1_000);
    expect(await said).toEqual({ message: 'recorded' });
    expect(orchestrator.heard).toEqual(['completed a.1']);
  });

  it('passes on that the worker is to leave, but where it is told to end anyway', async () => {
    const { bench, orchestrator, report, take } = opened();
    orchestrator.isDraining = true;
    await report('a');
    expect(bench.drains).toBe(1);
    orchestrator.shutdown = 'Somebody has drained this worker.';
    expect(await take()).toMatchObject({ shutdown: 'Somebody has drained this worker.' });
    expect(bench.drains).toBe(1);
  });

  it('sends what was refused as a whole part by part, and the wish by itself', async () => {
    const { bench, orchestrator, report, take, sent } = opened();
    orchestrator.onRequest = (turn) => {
      if (turn?.reports?.some(({ assignment_id }) => assignment_id === 'b.1'))
        throw new LongshoreError('invalid-request', 'What?');
    };
    orchestrator.give('x');
    const said = Promise.allSettled([report('a'), report('b'), report('c')]);
    const { assignments } = await take();
    expect((await said).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    await bench.settle();
    expect([assignments.length, sent().map(({ reports = [], max = 0 }) => [reports.length, max])]).toEqual([
      1,
      [
        [3, 1],
        [1, 0],
        [1, 0],
        [1, 0],
        [0, 1],
      ],
    ]);
  });
});
