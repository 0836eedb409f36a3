import { describe, expect, it } from '@jest/globals';
import { clockContract } from './clock-contract.js';
import { ManualClock } from './manual-clock.js';

clockContract('the manual clock', () => {
  const clock = new ManualClock();
  return { clock, pass: (ms) => clock.advance(ms) };
});

describe('the manual clock', () => {
  it('stands still until it is moved', async () => {
    const clock = new ManualClock(1_000);
    expect([clock.now(), clock.now()]).toEqual([1_000, 1_000]);
    await clock.advance(250);
    expect(clock.now()).toBe(1_250);
  });

  it('wakes a sleeper when its time has come, and not before', async () => {
    const clock = new ManualClock();
    const woken: string[] = [];
    void clock.sleep(100).then(() => woken.push('sleeper'));
    await clock.advance(99);
    expect([woken, clock.sleeping]).toEqual([[], 1]);
    await clock.advance(1);
    expect([woken, clock.sleeping]).toEqual([['sleeper'], 0]);
  });

  it('wakes everybody at a time of their own, the earliest first', async () => {
    const clock = new ManualClock(0);
    const woken: [string, number][] = [];
    void clock.sleep(30).then(() => woken.push(['late', clock.now()]));
    void clock.sleep(10).then(() => woken.push(['early', clock.now()]));
    void clock.sleep(10).then(() => woken.push(['as early', clock.now()]));
    await clock.advance(50);
    expect(woken).toEqual([
      ['early', 10],
      ['as early', 10],
      ['late', 30],
    ]);
  });

  it('carries a loop through every round that fits into the time', async () => {
    const clock = new ManualClock(0);
    const rounds: number[] = [];
    void (async () => {
      for (;;) {
        await clock.sleep(10);
        rounds.push(clock.now());
      }
    })();
    await clock.advance(35);
    expect(rounds).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(35);
  });

  it('ends a sleep early and without an error when it is aborted', async () => {
    const clock = new ManualClock();
    const abort = new AbortController();
    const sleeping = clock.sleep(60_000, abort.signal);
    abort.abort(new Error('enough'));
    await expect(sleeping).resolves.toBeUndefined();
    await expect(clock.sleep(60_000, abort.signal)).resolves.toBeUndefined();
    expect(clock.sleeping).toBe(0);
  });

  it('lets nobody sleep for no time', async () => {
    await expect(new ManualClock().sleep(0)).resolves.toBeUndefined();
  });
});
