/** What every desk promises, however it speaks to the orchestrator. */
import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import type { TurnReport } from '@longshore/core/protocol';
import type { Desk, DeskTools } from '../client/desk.js';
import { DeskBench } from './desk-bench.js';

const never = new AbortController().signal;
const ended = (name: string, status = 'completed'): TurnReport => ({ status, assignment_id: `${name}.1`, fence: 1 });
const held = (name: string) => ({ assignment_id: `${name}.1`, fence: 1 });

export function deskContract(open: (tools: DeskTools) => Desk): void {
  const bench = () => {
    const made = new DeskBench(open);
    const take = (max = 1, signal = never) => made.desk.take({ max, held: () => [] }, signal);
    const names = async (max = 1) => (await take(max)).assignments.map(({ task_id }) => task_id);
    return { bench: made, desk: made.desk, orchestrator: made.orchestrator, take, names };
  };

  describe('work', () => {
    it('is given at most as much as is wanted, and waited for', async () => {
      const { bench: made, orchestrator, desk, names } = bench();
      orchestrator.give('a', 'b', 'c');
      expect(await names(2)).toEqual(['a', 'b']);
      await Promise.all(['a', 'b'].map((name) => desk.acknowledge(held(name), false, never)));
      expect(await names(2)).toEqual(['c']);
      await desk.acknowledge(held('c'), false, never);
      const coming = names(2);
      await made.settle();
      expect(orchestrator.waiting).toBe(1);
      orchestrator.give('d');
      expect(await coming).toEqual(['d']);
    });

    it('is not given again while its acknowledgement is under way', async () => {
      const { bench: made, orchestrator, desk, names } = bench();
      orchestrator.give('a', 'b');
      expect(await names()).toEqual(['a']);
      orchestrator.mishaps.push('lost');
      const acknowledged = desk.acknowledge(held('a'), true, never);
      const coming = names();
      await made.settle(1_000);
      expect(await coming).toEqual(['b']);
      await acknowledged;
    });

    it('is given again where the answer was lost', async () => {
      const { bench: made, orchestrator, names } = bench();
      orchestrator.give('a', 'b');
      orchestrator.mishaps.push('unanswered');
      const coming = names();
      await made.settle(1_000);
      expect([await coming, made.troubles]).toEqual([['a'], ['orchestrator-unreachable']]);
    });

    it('is hung up on by who does not want it any more', async () => {
      const { bench: made, orchestrator, take } = bench();
      const leaving = new AbortController();
      const coming = take(1, leaving.signal);
      await made.settle();
      leaving.abort(new LongshoreError('worker-stopped', 'It goes.'));
      await expect(coming).rejects.toMatchObject({ code: 'worker-stopped' });
      await made.settle();
      expect(orchestrator.waiting).toBe(0);
    });

    it('is over when the orchestrator says so', async () => {
      const { orchestrator, take } = bench();
      orchestrator.shutdown = 'Nothing is left to do.';
      expect(await take()).toMatchObject({ assignments: [], shutdown: 'Nothing is left to do.' });
    });

    it.each(['worker-unknown', 'token-revoked', 'not-allowed'] as const)('is refused with %s', async (code) => {
      const { orchestrator, take } = bench();
      orchestrator.onRequest = () => {
        throw new LongshoreError(code, 'No.');
      };
      await expect(take()).rejects.toMatchObject({ code });
    });
  });

  describe('an acknowledgement', () => {
    it.each([false, true])('tells from when on the lease lasts (waiting: %s)', async (waits) => {
      const { bench: made, orchestrator, desk } = bench();
      const at = made.clock.now();
      expect(await desk.acknowledge(held('a'), waits, never)).toBe(at);
      expect(orchestrator.heard).toEqual(['received a.1']);
    });

    it.each(['lost', 'unanswered'] as const)('renews the lease once more where it was %s', async (mishap) => {
      const { bench: made, orchestrator, desk } = bench();
      orchestrator.mishaps.push(mishap);
      const at = made.clock.now();
      const said = desk.acknowledge(held('a'), false, never);
      await made.settle(1_000);
      expect(await said).toBeGreaterThan(at);
      expect(orchestrator.renewedAt).toBeGreaterThanOrEqual(await said);
    });

    it.each([false, true])('is refused where somebody else has it (waiting: %s)', async (waits) => {
      const { orchestrator, desk } = bench();
      orchestrator.gone.add('a.1');
      await expect(desk.acknowledge(held('a'), waits, never)).rejects.toMatchObject({ code: 'stale-fence' });
    });
  });

  describe('a report', () => {
    it('does not wait with who waits for work', async () => {
      const { bench: made, orchestrator, desk, take } = bench();
      const leaving = new AbortController();
      const coming = take(1, leaving.signal).catch(() => undefined);
      await made.settle();
      expect(await desk.report(ended('a'), never)).toEqual({ message: 'recorded' });
      expect(orchestrator.waiting).toBe(1);
      leaving.abort();
      await coming;
    });

    it('gets its own answer among others, or its own refusal', async () => {
      const { orchestrator, desk } = bench();
      orchestrator.onReport = ({ assignment_id }) => {
        if (assignment_id === 'c.1') return { message: 'recorded', kept: held('k') };
        if (assignment_id === 'b.1') throw new LongshoreError('output-missing', 'One is missing.', { remedy: 'Look.' });
        return undefined;
      };
      const said = await Promise.allSettled(['a', 'b', 'c'].map((name) => desk.report(ended(name), never)));
      expect(said).toMatchObject([
        { value: { message: 'recorded' } },
        { reason: { code: 'output-missing', message: 'One is missing.', remedy: 'Look.' } },
        { value: { kept: held('k') } },
      ]);
    });

    it('is carried out once though its answer is lost again and again', async () => {
      const { bench: made, orchestrator, desk } = bench();
      orchestrator.mishaps.push('lost', 'unanswered', 'unanswered');
      const said = desk.report(ended('a'), never);
      await made.settle(10_000);
      expect(await said).toEqual({ message: 'recorded' });
      expect(orchestrator.heard).toEqual(['completed a.1']);
    });

    it('is given up when nobody waits for its answer any more, and not before', async () => {
      const { bench: made, orchestrator, desk } = bench();
      orchestrator.mishaps.push(...Array<'lost'>(1_000).fill('lost'));
      const leaving = new AbortController();
      const said = desk.report(ended('a'), leaving.signal);
      await made.settle(60_000);
      const tries = 1_000 - orchestrator.mishaps.length;
      expect(tries).toBeGreaterThan(5);
      leaving.abort(new LongshoreError('worker-stopped', 'It goes.'));
      await expect(said).rejects.toMatchObject({ code: 'worker-stopped' });
      await made.settle(60_000);
      expect(1_000 - orchestrator.mishaps.length).toBe(tries);
    });

    it('that cannot be read is refused without the others', async () => {
      const { orchestrator, desk } = bench();
      orchestrator.onRequest = (turn) => {
        if (turn && JSON.stringify(turn).includes('"dancing"')) throw new LongshoreError('invalid-request', 'What?');
      };
      orchestrator.onReport = ({ status }) => {
        if (status === 'dancing') throw new LongshoreError('invalid-request', 'What?');
        return undefined;
      };
      const reports = [ended('a'), ended('b', 'dancing'), ended('c')];
      const said = await Promise.allSettled(reports.map((report) => desk.report(report, never)));
      expect(said.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    });

    it('of a worker that nobody knows is refused', async () => {
      const { orchestrator, desk } = bench();
      orchestrator.onRequest = () => {
        throw new LongshoreError('worker-unknown', 'Who?');
      };
      const said = await Promise.allSettled(['a', 'b'].map((name) => desk.report(ended(name), never)));
      expect(said).toMatchObject([{ reason: { code: 'worker-unknown' } }, { reason: { code: 'worker-unknown' } }]);
    });
  });
}
