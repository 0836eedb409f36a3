import { describe, expect, it, jest } from '@jest/globals';
import { clockContract } from '@longshore/core/testing';
import { SystemClock } from './system-clock.js';

clockContract('the system clock', () => ({
  clock: new SystemClock(),
  pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}));

describe('the system clock', () => {
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
