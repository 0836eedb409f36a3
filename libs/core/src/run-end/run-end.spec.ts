import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { failure } from '../words/failure.js';
import {
  newRunEnd,
  nextRunEnd,
  orderFailed,
  runEndEvent,
  runEndPhases,
  runEndTransitions,
  type RunEnd,
  type RunEndPhase,
  type RunEndRules,
  type RunFacts,
} from './run-end.js';

const rules: RunEndRules = { shutdown: 'stop', graceMs: 60_000, mailPatienceMs: 900_000 };
const at = (phase: RunEndPhase, changes: Partial<RunEnd> = {}): RunEnd => ({ ...newRunEnd(1_000), phase, ...changes });
const facts = (changes: Partial<RunFacts> = {}): RunFacts => ({
  now: 1_000,
  servingSince: 0,
  openJobs: 0,
  untoldJobs: 0,
  heldTasks: 0,
  awaitedWorkers: 0,
  unsentNews: 0,
  ...changes,
});

describe('the end of a run', () => {
  it.each([
    ['working', 'waits while a job is open', { openJobs: 1, untoldJobs: 1 }, undefined],
    ['working', 'waits for a first job', {}, undefined],
    ['working', 'begins when every job has ended', { untoldJobs: 2 }, 'all-ended'],
    ['leaving', 'waits for what is leased or being published', { untoldJobs: 1, heldTasks: 1 }, undefined],
    ['leaving', 'waits for workers that were heard of', { untoldJobs: 1, awaitedWorkers: 1 }, undefined],
    ['leaving', 'goes on when everybody has left', { untoldJobs: 1 }, 'all-gone'],
    ['leaving', 'is called off by a new job', { openJobs: 1, untoldJobs: 2 }, 'work-came'],
    ['telling', 'waits for the mail', { unsentNews: 1 }, undefined],
    ['telling', 'goes on when all news is sent', {}, 'told'],
    ['telling', 'gives the mail up after its time', { unsentNews: 1, now: 901_000 }, 'told'],
    ['telling', 'is called off by a new job', { openJobs: 1, unsentNews: 1 }, 'work-came'],
    ['resting', 'waits for a job that may come', { now: 60_999 }, undefined],
    ['resting', 'goes on when none came', { now: 61_000 }, 'rested'],
    ['resting', 'waits anew after a restart', { now: 100_000, servingSince: 40_001 }, undefined],
    ['resting', 'waits for a worker that has just come', { now: 99_000, awaitedWorkers: 1 }, undefined],
    ['resting', 'is called off by a job that came and went between two looks', { untoldJobs: 1 }, 'work-came'],
    ['stopping', 'leaves the rest to the machine', { now: 999_000 }, undefined],
    ['stopping', 'is called off by a new job', { openJobs: 1 }, 'work-came'],
    ['over', 'stays over', { now: 999_000, awaitedWorkers: 3 }, undefined],
    ['over', 'begins again with a new job', { openJobs: 1 }, 'work-came'],
  ] as const)('G9: that is %s %s', (phase, _, seen, event) => {
    expect(runEndEvent(at(phase), facts(seen), rules)).toBe(event);
  });

  it('without a shutdown is over when people were told', () => {
    expect(runEndEvent(at('telling'), facts(), { ...rules, shutdown: 'none' })).toBe('kept-serving');
  });

  it('counts the runs that people were told of, and remembers until when', () => {
    const told = nextRunEnd(at('leaving'), 'all-gone', 5_000);
    expect(told).toMatchObject({ phase: 'telling', since: 5_000, runs: 1, toldAt: 5_000 });
    expect(nextRunEnd(told, 'work-came', 6_000)).toMatchObject({ phase: 'working', runs: 1, toldAt: 5_000 });
  });

  it('takes no step that the table has not', () => {
    for (const phase of runEndPhases) {
      for (const event of ['all-ended', 'all-gone', 'told', 'rested', 'ordered', 'work-came'] as const) {
        const line = runEndTransitions.find((one) => one.from === phase && one.event === event);
        if (line) expect(nextRunEnd(at(phase), event, 2).phase).toBe(line.to);
        else expect(() => nextRunEnd(at(phase), event, 2)).toThrow('does not know');
      }
    }
  });

  it('G10: orders again after a trouble that may pass, later and later, and gives up', () => {
    const trouble = failure('machine-failed', 'EC2 does not answer.');
    const delays: number[] = [];
    let end = at('stopping');
    while (end.phase === 'stopping') {
      end = orderFailed(end, trouble, 0);
      if (end.phase === 'stopping') delays.push(end.orderAt);
    }
    expect(delays).toEqual([4_000, 16_000, 64_000, 256_000, 1_024_000]);
    expect(end).toMatchObject({ phase: 'over', failure: trouble });
  });

  it('G10: does not order again what was refused', () => {
    const refusal = failure('access-denied', 'This machine may not stop itself.');
    expect(orderFailed(at('stopping'), refusal, 2_000)).toMatchObject({ phase: 'over', failure: refusal });
  });

  it('G9: never orders a shutdown while work is open or somebody holds a task, whatever happens', () => {
    const seen = fc.record({
      openJobs: fc.nat(2),
      untoldJobs: fc.nat(2),
      heldTasks: fc.nat(2),
      awaitedWorkers: fc.nat(2),
      unsentNews: fc.nat(1),
      waitMs: fc.nat(2_000_000),
    });
    const history = (steps: readonly (RunFacts & { waitMs: number })[]) => {
      let end = newRunEnd(0);
      let now = 0;
      for (const { waitMs, ...step } of steps) {
        now += waitMs;
        const event = runEndEvent(end, { ...step, now }, rules);
        if (event === undefined) continue;
        if (event === 'rested') {
          expect([step.openJobs, step.untoldJobs, step.heldTasks, step.awaitedWorkers]).toEqual([0, 0, 0, 0]);
        }
        end = nextRunEnd(end, event, now);
      }
    };
    const steps = fc.array(
      seen.map((one) => ({ ...one, now: 0, servingSince: 0 })),
      { maxLength: 30 },
    );
    fc.assert(fc.property(steps, history));
  });
});
