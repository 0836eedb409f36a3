import { describe, expect, it } from '@jest/globals';
import type { JobAnswer, TaskAnswer } from '@longshore/core/protocol';
import { endLines, printable, progressBar, progressLine } from './job-text.js';

const none = { available: 0, leased: 0, accepted: 0, completed: 0, dead: 0, split: 0, cancelled: 0 };
const job = {
  id: 'j',
  state: 'running',
  scan: 'done',
  output: '/out',
  objects_done_before: 0,
  skip: { by: 'manifest' },
  objects: { ...none, available: 4, leased: 3, completed: 2, dead: 1, split: 8 },
} as JobAnswer;

describe('a job in words', () => {
  it('counts objects of split tasks in their parts', () => {
    expect(progressLine(job)).toBe('2 of 10 objects done, 3 running, 1 set aside');
  });

  it('tells the rate and the time left once both can be known', () => {
    const pace = { objects_per_second: 0.5, seconds_left: 14 };
    expect(progressLine(job, pace)).toMatch(/set aside, 30\.0 a minute, about 14 s left$/);
    expect(progressLine(job, { objects_per_second: 4.25 })).toMatch(/set aside, 4\.3 a second$/);
    expect(progressLine(job, {})).toMatch(/set aside$/);
  });

  it('says when the listing goes on', () => {
    expect(progressLine({ ...job, scan: 'running' })).toMatch(/^2 of 10\+ objects/);
    expect(progressLine({ ...job, scan: 'running', state: 'failed' })).toMatch(/^2 of 10 objects/);
  });

  it('draws what is settled', () => {
    expect(progressBar(job, undefined, 10)).toBe('[###.......] 2 of 10 objects done, 3 running, 1 set aside');
    expect(progressBar({ ...job, objects: none }, undefined, 4)).toMatch(/^\[\.\.\.\.\] 0 of 0/);
  });

  it('names dead letters with reason and last log lines, and lets no escape sequence through', () => {
    const dead = {
      file_names: ['bad\u001b]0;title\u0007.txt', 'b', 'c'],
      failure: { class: 'job', code: 'command-failed', message: 'It broke.', log: 'one\ntwo\u001b[2J\n' },
    } as TaskAnswer;
    expect(endLines({ ...job, state: 'failed', output: '/out\u001b[2J' }, [dead])).toEqual([
      'failed: 2 of 10 objects done, results in /out\\x1b[2J',
      '  set aside: bad\\x1b]0;title\\x07.txt and 2 more',
      '    It broke.',
      '    | one',
      '    | two\\x1b[2J',
    ]);
  });

  it('says how many are done on the word of legacy workers, where there are any', () => {
    expect(endLines({ ...job, state: 'completed', objects_unverified: 1 }, [])[1]).toMatch(
      /^1 of them on the word of legacy workers/,
    );
    expect(endLines({ ...job, state: 'completed' }, [])).toHaveLength(1);
  });

  it('lets no mark through that shows a name in another order than it has', () => {
    expect(printable('scan\u202egnp.exe \u2066x\u2069')).toBe('scan\\u202egnp.exe \\u2066x\\u2069');
  });

  it('leaves every other character alone', () => {
    expect(printable('näme \u{1f52c} "x".txt')).toBe('näme \u{1f52c} "x".txt');
  });

  it('says what was done already', () => {
    const whole = { ...job, state: 'completed', objects: { ...none, completed: 24 } } as JobAnswer;
    const second = (before: number, changes = {}) =>
      endLines({ ...whole, objects_done_before: before, ...changes }, [])[1];
    expect(second(0)).toBeUndefined();
    expect(second(24)).toBe('24 objects were done already; nothing was run.');
    expect(second(23)).toBe('23 objects were done already; 1 was run.');
    expect(second(1)).toBe('1 object was done already; 23 were run.');
    expect(second(5, { skip: { by: 'outputs' } })).toBe('5 objects were done already; 24 were run.');
  });
});
