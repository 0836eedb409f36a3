import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '../errors/longshore-error.js';
import { errorOfProblem, type Problem } from './problem.js';

const problem: Problem = {
  type: 'urn:longshore:error:stale-fence',
  title: 'stale fence',
  status: 409,
  detail: 'Attempt 1 of task 7 is over.',
  code: 'stale-fence',
  reason: 'stale-fence',
  remedy: 'Ask for another task.',
};

describe('a problem', () => {
  it('becomes on the other side the error that it was', () => {
    const error = errorOfProblem(JSON.parse(JSON.stringify(problem)));
    expect(error).toBeInstanceOf(LongshoreError);
    expect(error).toMatchObject({ code: 'stale-fence', message: problem.detail, remedy: problem.remedy });
    expect(error?.sentence).toBe('Attempt 1 of task 7 is over. Ask for another task.');
  });

  it('needs neither remedy nor detail', () => {
    expect(errorOfProblem({ code: 'disk-full', detail: 'The disk is full.' })?.sentence).toBe('The disk is full.');
    expect(errorOfProblem({ code: 'disk-full' })?.message).toBe('disk-full');
  });

  it.each([
    [undefined],
    [null],
    ['a text'],
    [502],
    [[]],
    [{}],
    [{ detail: 'Bad gateway' }],
    [{ code: 'unheard-of', detail: 'x' }],
    [{ code: 'toString' }],
    [{ code: 7 }],
  ])('of somebody else is no error of ours: %j', (body) => {
    expect(errorOfProblem(body)).toBeUndefined();
  });
});
