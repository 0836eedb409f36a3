import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { LongshoreError, type Interruption } from '@longshore/core';
import { ManualClock, ScriptedMachine, SeededChance } from '@longshore/core/testing';
import { SpotWatch } from './spot-watch.js';

const reclaim: Interruption = { kind: 'reclaim', action: 'terminate', inMs: 120_000 };

class AskedMachine extends ScriptedMachine {
  asked = 0;
  trouble: LongshoreError | undefined;

  override async interruption(): Promise<Interruption | undefined> {
    this.asked += 1;
    if (this.trouble) throw this.trouble;
    return this.coming;
  }
}

function world() {
  const [machine, clock] = [new AskedMachine(), new ManualClock()];
  const heard: string[] = [];
  const leaving = new AbortController();
  const watching = new SpotWatch(machine, { clock, chance: new SeededChance() }, 5_000).run(
    {
      reclaimed: ({ action, inMs }) => heard.push(`${action} in ${inMs}`),
      rebalance: () => heard.push('rebalance'),
      say: (line) => heard.push(line),
    },
    leaving.signal,
  );
  const advance = async (ms: number) => {
    await setImmediate();
    await clock.advance(ms);
  };
  return { machine, advance, heard, leaving, watching };
}

describe('watching whether the machine is taken away', () => {
  it('G1: tells a notice within the five seconds between two looks, once, and looks no more', async () => {
    const { machine, advance, heard, watching } = world();
    await advance(60_000);
    expect([machine.asked, heard]).toEqual([13, []]);
    machine.coming = reclaim;
    await advance(5_000);
    await watching;
    expect(heard).toEqual(['terminate in 120000']);
    await advance(60_000);
    expect(machine.asked).toBe(14);
  });

  it('G3: tells a recommendation once, and a notice that comes after it', async () => {
    const { machine, advance, heard } = world();
    machine.coming = { kind: 'rebalance' };
    await advance(60_000);
    expect(heard).toEqual(['rebalance']);
    machine.coming = reclaim;
    await advance(5_000);
    expect(heard).toEqual(['rebalance', 'terminate in 120000']);
  });

  it('G4: says once that nobody tells, and asks hardly any more', async () => {
    const { machine, advance, heard } = world();
    machine.trouble = new LongshoreError('machine-unknown', 'No cloud says who this machine is.');
    await advance(24 * 3_600_000);
    expect(heard).toEqual(['Nobody tells whether this machine is taken away: No cloud says who this machine is.']);
    expect(machine.asked).toBeLessThan(150);
  });

  it('G4: asks less often while it is answered 429, and sees the notice in time when that is over', async () => {
    const { machine, advance, heard } = world();
    machine.trouble = new LongshoreError('machine-failed', 'Too many requests.');
    await advance(3_600_000);
    expect(machine.asked).toBeLessThan(100);
    machine.trouble = undefined;
    machine.coming = reclaim;
    await advance(90_000);
    expect(heard.at(-1)).toBe('terminate in 120000');
  });

  it('ends when the worker leaves', async () => {
    const { machine, advance, leaving, watching } = world();
    leaving.abort();
    await watching;
    await advance(60_000);
    expect(machine.asked).toBe(1);
  });
});
