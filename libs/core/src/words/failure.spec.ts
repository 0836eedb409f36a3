import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '../errors/longshore-error.js';
import { failure, failureOf } from './failure.js';

describe('a failure', () => {
  it('belongs to the class of its code', () => {
    expect(failure('out-of-memory', 'It wanted more.')).toEqual({
      class: 'resource',
      code: 'out-of-memory',
      message: 'It wanted more.',
    });
  });

  it('blames nobody where a refused request ended an attempt', () => {
    expect(failure('stale-fence', 'Too late.').class).toBe('infra');
  });

  it('is made of an error with its remedy and its facts', () => {
    const error = new LongshoreError('input-missing', 'It is gone.', {
      remedy: 'Bring it back.',
      objectKey: 'in/a',
      log: 'last words',
    });
    expect(failureOf(error, 'internal-error', 'Fetching')).toEqual({
      class: 'job',
      code: 'input-missing',
      message: 'It is gone. Bring it back.',
      objectKey: 'in/a',
      log: 'last words',
    });
  });

  it('is made of whatever else was thrown, with the code and the words of who caught it', () => {
    expect(failureOf(new TypeError('x is undefined.'), 'hook-failed', 'The hook failed')).toEqual({
      class: 'job',
      code: 'hook-failed',
      message: 'The hook failed: x is undefined.',
    });
    expect(failureOf('a text', 'storage-failed', 'Reading').message).toBe('Reading: a text.');
    expect(failureOf(undefined, 'storage-failed', 'Reading').message).toBe('Reading: undefined.');
  });
});
