import { describe, expect, it, jest } from '@jest/globals';
import { clockContract } from '@longshore/core/testing';
import { SystemClock } from './system-clock.js';

clockContract('the system clock', () => ({
  clock: new SystemClock(),
  pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

describe('the system clock', () => {
  it('C2: goes on from the latest time that is known, when the machine clock was set back meanwhile', () => {
    const latest = Date.now() + 3_600_000;
    const clock = SystemClock.notBefore(latest);
    expect(clock.now()).toBeGreaterThanOrEqual(latest);
    expect(clock.now()).toBeLessThan(latest + 1_000);
    expect(SystemClock.notBefore(0).now()).toBeLessThan(latest);
  });

  it('tells the same time in another thread that is given its zero', () => {
    const clock = new SystemClock();
    expect(Math.abs(new SystemClock(clock.zero).now() - clock.now())).toBeLessThan(5);
  });

  it('tells the time of the machine', () => {
    expect(Math.abs(new SystemClock().now() - Date.now())).toBeLessThan(50);
  });

  it('C2: is not moved by a step of the machine clock', () => {
    const clock = new SystemClock();
    const before = clock.now();
    const step = jest.spyOn(Date, 'now').mockReturnValue(before + 3_600_000);
    expect(clock.now() - before).toBeLessThan(50);
    step.mockRestore();
  });
});
