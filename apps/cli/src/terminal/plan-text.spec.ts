import { describe, expect, it } from '@jest/globals';
import type { PlanAnswer } from '@longshore/core/protocol';
import { planLines } from './plan-text.js';

const plan: PlanAnswer = {
  plugin: 'echo',
  plugin_version: '1.0.0',
  input: '/in',
  output: '/out',
  skip: { by: 'manifest' },
  run: { objects: 0, tasks: 0, bytes: 0 },
  first_tasks: [],
  done_before: 24,
  skipped: 0,
  refused: 0,
  reasons: [],
  image: { is_missing: false, said_by_workers: 1 },
};

describe('a plan in words', () => {
  it('says that there is nothing to do', () => {
    expect(planLines(plan)).toEqual(['Nothing would be run.', '  24 objects done already']);
  });

  it('says what would be run, and why, with an example of each reason', () => {
    const example = { key: 'a\u001b[2J', sentence: 'It would be run: it has changed.' };
    const run = { objects: 1, tasks: 1, bytes: 2048 };
    const reasons = [{ reason: 'object-changed', objects: 1, example }];
    expect(planLines({ ...plan, run, reasons, done_before: 1, skipped: 2, refused: 3 })).toEqual([
      '1 object would be run, in 1 task, 2.0 KiB in all.',
      '  1 object done already',
      '  2 objects left out by patterns or place',
      '  3 objects refused by name',
      '  1 object to run: object-changed',
      '    a\\x1b[2J: It would be run: it has changed.',
    ]);
  });

  it('answers only what was asked about one object', () => {
    expect(planLines({ ...plan, why: ['It is done.'] })).toEqual(['It is done.']);
  });

  it('says when the image is not known, or not one', () => {
    const image = { is_missing: true, said_by_workers: 2, digest: 'sha256:1' };
    expect(planLines({ ...plan, image }).slice(2)).toEqual([
      expect.stringMatching(/^Start a worker, or give --image-digest/),
      "Workers run 2 different images; the newest worker's counts: sha256:1.",
    ]);
  });
});
