import { describe, expect, it } from '@jest/globals';
import { failure } from '../words/failure.js';
import { failureKind } from './failure-groups.js';

const pattern = (message: string, objectKey?: string): string =>
  failureKind(failure('command-failed', message, objectKey === undefined ? {} : { objectKey })).pattern;

describe('the kind of a failure', () => {
  it.each([
    ['The command ended with exit code 7 on "a/b.png".', 'The command ended with exit code … on ….'],
    ['Cannot read /inputs/plate 7/a.tif: no such file', 'Cannot read …: no such file'],
    ['Task 0192f0e2-1c3d-7aaa-8bbb-0123456789ab took 12.5 s', 'Task … took … s'],
    ["It wrote 'x' and 'y', 3 of 4", 'It wrote … and … of …'],
    ['s3://bucket/key is gone', '… is gone'],
    ['', ''],
  ])('of %j is %j', (message, expected) => {
    expect(pattern(message)).toBe(expected);
  });

  it('leaves the name of the object out, however it is written', () => {
    expect(pattern('in/odd name (2).png is no image', 'in/odd name (2).png')).toBe('… is no image');
  });

  it('is another one for another code', () => {
    const [one, other] = (['timed-out', 'out-of-memory'] as const).map((code) =>
      failureKind(failure(code, 'Too much.')),
    );
    expect(one?.id).not.toBe(other?.id);
  });

  it('stays short, and takes no long time, whatever the message', () => {
    const started = performance.now();
    for (const part of ['"', 'a/', '0', '…', 'x:', "'", ' /'])
      expect(pattern(part.repeat(100_000)).length).toBeLessThanOrEqual(300);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
