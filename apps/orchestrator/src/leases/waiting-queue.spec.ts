import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { Queue, type Waiter } from './waiting-queue.js';

describe('the queue of those who wait for work', () => {
  const filled = (count: number, isBusy = (_: number) => false) => {
    const queue = new Queue(['echo']);
    const woken: number[] = [];
    const waiters = Array.from({ length: count }, (_, number): Waiter => {
      return { isDraining: false, isBusy: isBusy(number), isCounted: true, wake: () => woken.push(number) };
    });
    for (const waiter of waiters) queue.add(waiter);
    return { queue, woken, waiters };
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);

  it('wakes who has nothing to do before who would only take it ahead, each in the order in which they came', () => {
    const { queue, woken } = filled(6, (number) => number % 2 === 0);
    queue.wake(5);
    expect(woken).toEqual([1, 3, 5, 0, 2]);
  });

  it('wakes nobody twice, nor who has left', () => {
    const { queue, woken, waiters } = filled(4);
    queue.remove(waiters[1]!);
    queue.wake(2);
    queue.wake(9);
    expect(woken).toEqual([0, 2, 3]);
  });

  it('tells who is woken for a task that is known to be there', () => {
    const { queue, waiters } = filled(3);
    queue.wake(1);
    queue.wake(1, { isCounted: false });
    expect(waiters.map(({ isCounted }) => isCounted)).toEqual([true, false, true]);
  });

  it('lets others be heard between portions of many, and wakes them all in the end', async () => {
    const { queue, woken } = filled(100);
    queue.wake(90);
    const portions = [woken.length];
    while (portions.at(-1)! < 90) {
      await nextTurn();
      portions.push(woken.length);
    }
    expect(woken).toEqual(numbers(90));
    const sizes = portions.map((until, index) => until - (portions[index - 1] ?? 0));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(32);
    await nextTurn();
    expect(woken.length).toBe(90);
  });
});
