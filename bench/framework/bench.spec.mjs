import { beforeEach, describe, expect, it } from '@jest/globals';
import { access } from 'node:fs/promises';
import { Bench } from './bench.mjs';
import { Cleanup } from './cleanup.mjs';

describe('what a suite measures', () => {
  let said;
  let cleanup;
  let bench;

  beforeEach(() => {
    said = [];
    cleanup = new Cleanup();
    const peers = { redis: { url: 'redis://127.0.0.1:1' } };
    bench = new Bench({ suite: 'tried', runs: 3, quick: false, peers, cleanup, say: (line) => said.push(line) });
  });

  it('is one row for each subject and metric, with every value and the median', async () => {
    const values = [4, 2, 9];
    for (const value of values) await bench.measure('longshore', 'memory', 'MB', async () => value);
    await bench.measure('longshore', 'files', 'files', async () => 7);
    const common = { suite: 'tried', subject: 'longshore', versus: null, ratio: null };
    expect(bench.rows).toEqual([
      { ...common, metric: 'memory', unit: 'MB', median: 4, runs: values },
      { ...common, metric: 'files', unit: 'files', median: 7, runs: [7] },
    ]);
  });

  it('is compared with each peer in a row of ours, and each peer has a row of its own', async () => {
    const rows = await bench.interleave({
      ...{ metric: 'no-op tasks', unit: 'tasks/s', better: 'more', ours: 'longshore' },
      subjects: { longshore: async () => 300, redis: async () => 100, postgresql: async () => 600 },
    });
    const common = { suite: 'tried', metric: 'no-op tasks', unit: 'tasks/s' };
    const ours = { ...common, subject: 'longshore', median: 300, runs: [300, 300, 300] };
    expect(rows).toEqual([
      { ...ours, versus: 'redis', ratio: 3 },
      { ...ours, versus: 'postgresql', ratio: 0.5 },
      { ...common, subject: 'redis', median: 100, runs: [100, 100, 100], versus: null, ratio: null },
      { ...common, subject: 'postgresql', median: 600, runs: [600, 600, 600], versus: null, ratio: null },
    ]);
    expect(bench.rows).toEqual(rows);
  });

  it('may be several ways of ours, each compared with each peer', async () => {
    await bench.interleave({
      ...{ metric: 'm', unit: 's', better: 'less', ours: ['warm', 'cold'] },
      subjects: { warm: async () => 1, cold: async () => 4, shell: async () => 8 },
    });
    const seen = bench.rows.map(({ subject, versus, ratio }) => [subject, versus, ratio]);
    expect(seen).toEqual([
      ['warm', 'shell', 8],
      ['cold', 'shell', 2],
      ['shell', null, null],
    ]);
  });

  it('is taken in turn, beginning each round with another subject', async () => {
    const order = [];
    const subject = (name) => async () => order.push(name);
    const subjects = { a: subject('a'), b: subject('b'), c: subject('c') };
    await bench.interleave({ metric: 'm', unit: 'u', better: 'more', ours: 'a', subjects });
    expect(order.join('')).toBe('abcbcacab');
  });

  it('says by name what is missing, once, and leaves out a peer that fails', async () => {
    const fail = async () => {
      throw new Error('no such program');
    };
    const subjects = { longshore: async () => 5, celery: fail };
    await bench.interleave({ metric: 'm', unit: 'u', better: 'less', ours: 'longshore', subjects });
    bench.missing('rclone', 'it is not installed');
    bench.missing('rclone', 'it is not installed');
    const common = { suite: 'tried', metric: 'left out', unit: '', median: null, runs: [], versus: null, ratio: null };
    expect(bench.rows).toEqual([
      { ...common, subject: 'celery', why: 'it failed: no such program' },
      {
        suite: 'tried',
        subject: 'longshore',
        metric: 'm',
        unit: 'u',
        median: 5,
        runs: [5, 5, 5],
        versus: null,
        ratio: null,
      },
      { ...common, subject: 'rclone', why: 'it is not installed' },
    ]);
    expect(said).toContain('left out: rclone, because it is not installed');
  });

  it('fails when we ourselves fail, and when something is no number', async () => {
    const comparison = { metric: 'm', unit: 'u', better: 'less', ours: 'longshore' };
    const broken = async () => {
      throw new Error('the orchestrator ended');
    };
    await expect(bench.interleave({ ...comparison, subjects: { longshore: broken } })).rejects.toThrow('ended');
    await expect(bench.interleave({ ...comparison, subjects: { other: async () => 1 } })).rejects.toThrow(
      '"longshore"',
    );
    await expect(bench.measure('longshore', 'm', 'u', async () => NaN)).rejects.toThrow('no row of numbers');
  });

  it('knows the peers that are there', () => {
    expect(bench.peer('redis')).toEqual({ url: 'redis://127.0.0.1:1' });
    expect(bench.peer('postgresql')).toBeUndefined();
  });

  it('leaves no folder behind', async () => {
    const folder = await bench.temporary();
    await access(folder);
    await cleanup.run();
    await expect(access(folder)).rejects.toThrow('ENOENT');
  });
});
