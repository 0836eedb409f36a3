import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { emptyCounts } from '@longshore/core';
import { ServedApi } from '../testing/served-api.js';
import { typed } from '../testing/typed.js';

interface Answer {
  objects: number;
  tasks: number;
  bytes: number;
  makespan_ms: number;
  worker_hours: number;
  cost: number;
  best_batch_size: number;
  batch_sizes: { max_objects: number; tasks: number }[];
  assumptions: Record<string, unknown>;
}

async function answered(...args: string[]): Promise<Answer> {
  const { stdout } = await typed(['simulate', '--json', ...args]);
  return JSON.parse(stdout) as Answer;
}

function jobWithGroups(folder: string) {
  const places = { plugin: 'echo', input: join(folder, 'in'), output: join(folder, 'out'), include: ['*.txt'] };
  const groupsOf = (...groups: string[][]) =>
    JSON.stringify({ ...places, groups: groups.map((objects) => ({ objects })) });
  return { file: join(folder, 'job.yaml'), groupsOf };
}

describe('longshore simulate', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-simulate-'));
    await mkdir(join(folder, 'in'));
    for (const name of ['a.txt', 'b.txt', 'c.txt', 'd.png']) await writeFile(join(folder, 'in', name), name);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('tells makespan and cost of objects that are nowhere yet', async () => {
    const fleet = ['--workers', '3', '--start-up', '0', '--overhead', '0', '--price', '2/h'];
    const work = ['--objects', '60', '--object-size', '1MB', '--seconds-per-object', '60', '--batch-size', '10'];
    expect(await answered(...fleet, ...work)).toMatchObject({
      objects: 60,
      tasks: 6,
      bytes: 60_000_000,
      makespan_ms: 1_200_000,
      worker_hours: 1,
      cost: 2,
      assumptions: { seconds_per_object: 60, source: 'as you say', loss_per_hour: 0 },
    });
  });

  it('takes the objects of the input, as the job selects and cuts them', async () => {
    const place = ['--input', join(folder, 'in'), '--output', join(folder, 'out')];
    const job = ['--plugin', 'echo', ...place, '--include', '*.txt', '--batch-size', '2'];
    const { objects, tasks, bytes, batch_sizes } = await answered(
      ...job,
      '--workers',
      '2',
      '--seconds-per-object',
      '1',
    );
    expect([objects, tasks, bytes]).toEqual([3, 2, 15]);
    expect(batch_sizes.map(({ max_objects }) => max_objects)).toEqual([1, 2, 3]);
  });

  it('makes one task of each group that the job lists, and leaves out what is in none', async () => {
    const { file, groupsOf } = jobWithGroups(folder);
    await writeFile(file, groupsOf(['a.*', 'b.*'], ['c.*']));
    const fleet = ['--workers', '2', '--seconds-per-object', '10', '--start-up', '0', '--overhead', '0'];
    const { objects, tasks, bytes, batch_sizes, makespan_ms } = await answered(file, ...fleet);
    expect({ objects, tasks, bytes, batch_sizes, makespan_ms }).toEqual({
      objects: 3,
      tasks: 2,
      bytes: 15,
      batch_sizes: [],
      makespan_ms: 20_000,
    });
    await expect(answered(file, ...fleet, '--batch-sizes', '1,2')).rejects.toThrow(/no sizes can be compared/);
  });

  it('says why groups do not fit the input, as a real job does', async () => {
    const { file, groupsOf } = jobWithGroups(folder);
    await writeFile(file, groupsOf(['a.*'], ['?.txt'], ['z.*']));
    const simulated = answered(file, '--workers', '1', '--seconds-per-object', '1');
    await expect(simulated).rejects.toMatchObject({ code: 'groups-unfit', message: expect.stringContaining('"z.*"') });
  });

  it('takes the time that the objects of a finished job took', async () => {
    await using api = await ServedApi.start();
    const counts = { tasks: emptyCounts(), bytes: emptyCounts(), objects: { ...emptyCounts(), completed: 20 } };
    api.job = { ...api.job, state: 'completed', counts };
    const processing_time = { count: 10, avg_seconds: 8 };
    api.answers.set('GET /api/v1/jobs/job/analytics', () => ({ job_id: 'job', processing_time }));
    const { assumptions } = await answered('--objects', '5', '--workers', '1', '--like', 'job', '--url', api.url);
    expect(assumptions).toMatchObject({ seconds_per_object: 4, source: expect.stringContaining('job job') });
    api.answers.set('GET /api/v1/jobs/job/analytics', () => ({ job_id: 'job', processing_time: { count: 0 } }));
    await expect(answered('--objects', '5', '--workers', '1', '--like', 'job', '--url', api.url)).rejects.toThrow(
      /completed nothing/,
    );
  });

  it('says in words what was lost, where the time went, what is best, and what it takes for granted', async () => {
    const fleet = [
      '--workers',
      '20',
      '--spot-loss',
      '200%/h',
      '--slow',
      '10%',
      '--transfer',
      '1MB/s',
      '--price',
      '0.1',
    ];
    const work = ['--objects', '2000', '--object-size', '1MB', '--seconds-per-object', '5', '--spread', '0.5'];
    const { stdout } = await typed(['simulate', ...fleet, ...work]);
    expect(stdout).toMatch(/^2,000 objects of 1\.9 GiB in 200 tasks, on 20 workers with 1 slot each$/m);
    expect(stdout).toMatch(/^ {2}taken away +\d+ machines with \d+ attempts?$/m);
    expect(stdout).toMatch(/ % {2}working on objects$/m);
    expect(stdout.match(/ {2}the shortest$/gm)).toHaveLength(1);
    expect(stdout).toMatch(/In an hour 200 % of the machines are taken away, without a notice/);
    const quiet = await typed(['simulate', '--quiet', ...fleet, ...work]);
    expect(quiet.stdout).toMatch(/^\d+\n$/);
  });

  it.each([
    [['--objects', '5', '--workers', '2'], /Nobody knows how long an object takes/],
    [['--workers', '2', '--seconds-per-object', '1'], /no plugin and no input and no output/],
    [['--objects', '5', '--workers', '0', '--seconds-per-object', '1'], /whole number, 1 or more/],
    [['--objects', '5', '--workers', '1', '--seconds-per-object', '1', '--slow', '2'], /must be a share/],
    [['--objects', '5', '--workers', '1', '--seconds-per-object', '1', '--transfer', 'fast'], /must be a size/],
    [['--objects', '5', '--workers', '1', '--seconds-per-object', '-1'], /0 or more/],
  ])('refuses %j', async (args, why) => {
    await expect(typed(['simulate', ...args])).rejects.toThrow(why);
  });

  it('says where the input holds nothing that the job takes', async () => {
    const job = [
      '--plugin',
      'echo',
      '--input',
      join(folder, 'in'),
      '--output',
      join(folder, 'out'),
      '--include',
      '*.tif',
    ];
    const simulated = answered(...job, '--workers', '1', '--seconds-per-object', '1');
    await expect(simulated).rejects.toMatchObject({
      code: 'invalid-request',
      remedy: expect.stringContaining('--objects'),
    });
  });
});
