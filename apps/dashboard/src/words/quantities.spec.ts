import { describe, expect, it } from '@jest/globals';
import { bytes, counted, duration, percent, rate, rateBeside, relative } from './quantities.js';

describe('what people read of numbers', () => {
  it('never says that all is done before it is, nor nothing once something is', () => {
    expect([percent(0, 10), percent(1, 1_000), percent(1, 2), percent(9_999, 10_000), percent(10, 10)]).toEqual([
      '0 %',
      '<1 %',
      '50 %',
      '>99 %',
      '100 %',
    ]);
    expect(percent(0, 0)).toBe('0 %');
  });

  it('says a speed in the unit in which it is no fraction', () => {
    expect([rate(1_234), rate(7.26), rate(0.5), rate(0.001), rate(0)]).toEqual([
      '1,234 /s',
      '7.3 /s',
      '30 /min',
      '3.6 /h',
      '0 /s',
    ]);
  });

  it('says speeds beside one another in one unit', () => {
    expect([0, 0.25, 0.5].map(rateBeside(0.5))).toEqual(['0 /min', '15 /min', '30 /min']);
    expect([0, 3.25].map(rateBeside(3.25))).toEqual(['0 /s', '3.3 /s']);
  });

  it('says a duration in two units at most', () => {
    const said = [0.004, 0.5, 4.25, 59.6, 61, 3_600, 20_000, 90_061, -3].map(duration);
    expect(said).toEqual(['4 ms', '0.5 s', '4.3 s', '1 min', '1 min 1 s', '1 h', '5 h 33 min', '1 d 1 h', '0 s']);
  });

  it('says how long ago something was, or when it will be', () => {
    expect([relative(0, 400), relative(0, 4_000), relative(0, 130_000), relative(20_000, 0)]).toEqual([
      'just now',
      '4 s ago',
      '2 min ago',
      'in 20 s',
    ]);
  });

  it('says sizes in powers of 1024, and one thing as one', () => {
    expect([bytes(0), bytes(1_023), bytes(1_536), bytes(5 * 2 ** 30)]).toEqual(['0 B', '1,023 B', '1.5 KiB', '5 GiB']);
    expect([counted(1, 'task'), counted(1_200, 'task'), counted(1, 'is', 'are')]).toEqual([
      '1 task',
      '1,200 tasks',
      '1 is',
    ]);
  });
});
