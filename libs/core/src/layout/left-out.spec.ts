import { describe, expect, it } from '@jest/globals';
import { pluginObject } from '../plugin/hooks.js';
import { anObject } from '../testing/builders.js';
import { parseLocation } from '../words/location.js';
import { createLeftOutTest } from './left-out.js';

const input = parseLocation('s3://lab/in/');

function whyOf(key: string, sizeBytes = 1, output = 's3://lab/in/results/') {
  const leftOut = createLeftOutTest({ input, output: parseLocation(output) }, (name) => !name.endsWith('.txt'));
  return leftOut(pluginObject(input, anObject(key, { sizeBytes })));
}

describe('an object of a listing', () => {
  it('is taken where nothing speaks against it', () => {
    expect(whyOf('in/a.png')).toBeUndefined();
  });

  it('is left out as a folder, only where it holds nothing', () => {
    expect(whyOf('in/folder/', 0)).toBe('folder-marker');
    expect(whyOf('in/folder/', 1)).toBeUndefined();
  });

  it('is left out where the patterns do not take it', () => {
    expect(whyOf('in/notes.txt')).toBe('patterns');
  });

  it("is left out where it is Longshore's own, or an output of this job", () => {
    expect(whyOf('in/older/.longshore/manifests/1.jsonl')).toBe('own-place');
    expect(whyOf('in/results/a.png')).toBe('own-output');
    expect(whyOf('in/results/a.png', 1, 's3://lab/out/')).toBeUndefined();
  });
});
