import { describe, expect, it } from '@jest/globals';
import { Signal } from './signal.js';

describe('a signal', () => {
  it('reaches every listener until it leaves', () => {
    const signal = new Signal<number>();
    const heard: number[] = [];
    const leave = signal.subscribe((value) => heard.push(value));
    signal.emit(1);
    leave();
    signal.emit(2);
    expect(heard).toEqual([1]);
  });

  it('wakes who waits for the next emission', async () => {
    const signal = new Signal();
    const waiting = signal.next(60_000);
    signal.emit();
    await expect(waiting).resolves.toBeUndefined();
  });

  it('wakes who waits when the time is up, when it gives up, and when it had given up before', async () => {
    const signal = new Signal();
    await signal.next(1);
    const gaveUp = new AbortController();
    const waiting = signal.next(60_000, gaveUp.signal);
    gaveUp.abort();
    await waiting;
    await signal.next(60_000, gaveUp.signal);
  });
});
