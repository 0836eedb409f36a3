import { describe, expect, it } from '@jest/globals';
import { aLeasedTask, anObject, builtAt } from '../testing/builders.js';
import { isAboutAnother, leftOut, objectsDone, unverifiedManifest } from './legacy-word.js';

const [a, b] = [anObject('in/a.png'), anObject('in/b.png')];
const task = aLeasedTask({ objects: [a, b] });

describe('the word of a legacy worker', () => {
  it.each([
    ['nothing', {}, [a, b]],
    ['no list', { processed_files: 2 }, [a, b]],
    ['every key', { processed_files: ['in/a.png', 'in/b.png'] }, [a, b]],
    ['one key', { processed_files: ['in/b.png'] }, [b]],
    ['one file by the name it was saved under', { processed_files: ['a.png', 7] }, [a]],
    ['what it wrote', { processed_files: ['a.labels.png', 'b.labels.png'] }, [a, b]],
    ['an empty list', { processed_files: [] }, []],
  ])('that says %s of its files', (_, details, done) => {
    expect(objectsDone(task, details)).toEqual(done);
  });

  it('is about another task when it names files, and none of this one', () => {
    expect(isAboutAnother(task, { files: ['in/c.png'] })).toBe(true);
    expect(isAboutAnother(task, { files: ['in/c.png', 'b.png'] })).toBe(false);
    expect([{}, { files: [] }, { files: 'in/c.png' }].map((details) => isAboutAnother(task, details))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it('makes a manifest that says of each object that it is done, of none what was written, and that nobody has seen it', () => {
    const acknowledged = { ...task, lease: { ...task.lease!, acknowledgedAt: builtAt } };
    expect(unverifiedManifest(acknowledged, [b], builtAt + 50)).toEqual({
      entries: [{ objectKey: 'in/b.png', etag: b.etag, outputs: [] }],
      imageDigest: '',
      pluginVersion: '',
      exitCode: 0,
      durationMs: 50,
      unverified: true,
    });
  });

  it('names one of those it leaves out, which cost an attempt', () => {
    expect(leftOut(task, [a])).toMatchObject({
      class: 'job',
      code: 'output-missing',
      message: expect.stringContaining('leave out 1 of 2 objects, "in/b.png"'),
    });
  });
});
