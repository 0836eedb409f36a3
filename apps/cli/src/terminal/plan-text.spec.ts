import { describe, expect, it } from '@jest/globals';
import type { PlanAnswer } from '@longshore/core/protocol';
import { planLines, whyLines } from './plan-text.js';

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
    expect(whyLines({ ...plan, why: ['It is done.'] })).toEqual(['It is done.']);
  });

  it('shows the first and the last batch, and one object all the way', () => {
    const layout = {
      key: 'in/a',
      input: 's3://b/in/a',
      container_path: '/in/a',
      outputs: [{ container_path: '/out/a.out', key: 'out/a.out', output: 's3://b/out/a.out\u001b' }],
    };
    const first = {
      position: 0,
      object_count: 2,
      size_bytes: 20,
      file_names: ['in/a', 'in/b'],
      last_file_name: 'in/b',
    };
    const last = {
      position: 2,
      object_count: 1,
      size_bytes: 1,
      file_names: ['in/c'],
      last_file_name: 'in/c',
      group: 7,
    };
    const run = { objects: 3, tasks: 2, bytes: 21 };
    const shown = [
      'Layout of in/a',
      '  read from     s3://b/in/a',
      '  found at      /in/a in the container',
      '  must leave    /out/a.out in the container',
      '  published as  s3://b/out/a.out\\x1b',
    ];
    expect(planLines({ ...plan, run, first_tasks: [first], last_task: last, layout }).slice(2)).toEqual([
      'First task: 2 objects, 20 B: in/a to in/b',
      'Last task:  group 7, 1 object, 1 B: in/c',
      ...shown,
    ]);
    expect(whyLines({ ...plan, why: ['It would be run.'], layout })).toEqual(['It would be run.', ...shown]);
  });

  it('says of tasks that are cut by time what is known, and what is not', () => {
    const first = { position: 0, object_count: 1, size_bytes: 20, file_names: ['in/a'], last_file_name: 'in/a' };
    const run = { objects: 30, bytes: 600 };
    expect(planLines({ ...plan, run, target_seconds: 120, first_tasks: [first] })).toEqual(
      expect.arrayContaining([
        '30 objects would be run, in tasks of about 120 s that are cut as it goes, 600 B in all.',
        'First task: 1 object, 20 B: in/a',
        'The next ones by what the first ones take, the last ones smaller again.',
      ]),
    );
  });

  it('says what no group has, and why the groups cannot be run', () => {
    const groups = { listed: 2, objects_in_none: 3 };
    const unfit = 'No object belongs to group 2 (well=A02).';
    expect(planLines({ ...plan, skipped: 4, groups, unfit })).toEqual([
      `The job would fail before anything is run. ${unfit}`,
      'Nothing would be run.',
      '  24 objects done already',
      '  1 object left out by patterns or place',
      '  3 objects left out because no group has them',
    ]);
  });

  it('says when the image is not known, or not one', () => {
    const image = { is_missing: true, said_by_workers: 2, digest: 'sha256:1' };
    expect(planLines({ ...plan, image }).slice(2)).toEqual([
      expect.stringMatching(/^Start a worker, or give --image-digest/),
      "Workers run 2 different images; the newest worker's counts: sha256:1.",
    ]);
  });
});
