import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addJobOptions, describeJob, type JobOptions } from './job-options.js';

function read(...args: string[]): JobOptions {
  const command = addJobOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command.parse(args, { from: 'user' }).opts();
}

const whole = ['--plugin', 'echo', '--input', 'in', '--output', 's3://bucket/out'];
const requestOf = async (...args: string[]) => (await describeJob(undefined, read(...whole, ...args))).request;

describe('the options of a job', () => {
  it('make paths absolute, because the orchestrator has another working directory', async () => {
    expect(await requestOf()).toMatchObject({ input: resolve('in'), output: 's3://bucket/out/' });
  });

  it('collect parameters, values with equal signs included', () => {
    expect(read('--param', 'a=1', '--param', 'b=x=y').param).toEqual({ a: '1', b: 'x=y' });
  });

  it('say only what was said', async () => {
    expect(await requestOf()).not.toHaveProperty('batching');
    expect(await requestOf('--batch-size', '5', '--batch-bytes', '1KiB', '--attempts', '2')).toMatchObject({
      batching: { maxObjects: 5, maxBytes: 1_024 },
      policy: { maxAttempts: 2 },
    });
  });

  it('aim at a time for each task, or give them a size', async () => {
    expect(await requestOf('--batch-seconds', '120', '--batch-bytes', '1KiB')).toMatchObject({
      batching: { targetSeconds: 120, maxBytes: 1_024 },
    });
    expect(() => read('--batch-seconds', '120', '--batch-size', '5')).toThrow(
      /cannot be used with option '--batch-size/,
    );
    expect(() => read('--batch-seconds', 'soon')).toThrow(/must be a number/);
  });

  it.each([
    ['--param', 'novalue'],
    ['--batch-size', 'many'],
    ['--batch-bytes', 'huge'],
    ['--timeout', '-1'],
  ])('refuse %s %s', (...args) => {
    expect(() => read(...args)).toThrow();
  });

  it('leave what counts as done to the orchestrator, or say it', async () => {
    expect(await requestOf()).not.toHaveProperty('skip');
    expect(await requestOf('--skip', 'none')).toMatchObject({ skip: { by: 'none' } });
    const outputs = ['--done-count', '7', '--done-min-bytes', '1', '--done-name', '.csv'];
    const skip = { by: 'outputs', count: 7, minBytes: 1, nameContains: '.csv' };
    expect((await requestOf(...outputs)).skip).toEqual(skip);
    expect((await requestOf('--skip', 'outputs', ...outputs)).skip).toEqual(skip);
    expect(() => read('--skip', 'perhaps')).toThrow(/Allowed choices are manifest, outputs, none/);
    expect(() => read('--done-count', 'many')).toThrow(/whole number/);
  });
});

describe('a job file beside options', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-job-file-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function described(text: string, ...args: string[]) {
    const path = join(folder, 'job.yaml');
    await writeFile(path, text);
    return describeJob(path, read(...args));
  }

  it('gives way with its size to a target, with its target to a size, and keeps bounds', async () => {
    const places = 'plugin: far-away\ninput: images\noutput: s3://bucket/out/\n';
    const batchingOf = async (said: string, ...args: string[]) =>
      (await described(`${places}batching: ${said}`, ...args)).request.batching;
    const bounds = '{ targetSeconds: 60, minObjects: 2, maxObjects: 50, maxBytes: 1024 }';
    expect(await batchingOf('{ maxObjects: 3, maxBytes: 9 }', '--batch-seconds', '30')).toEqual({
      targetSeconds: 30,
      maxBytes: 9,
    });
    expect(await batchingOf(bounds, '--batch-size', '4')).toEqual({ maxObjects: 4, maxBytes: 1_024 });
    expect(await batchingOf(bounds, '--batch-seconds', '30')).toMatchObject({ targetSeconds: 30, maxObjects: 50 });
  });

  it('says what the options do not, and gives way to what they say', async () => {
    const text = [
      'plugin: far-away',
      'input: images',
      'output: s3://bucket/out/',
      'params: { a: 1, b: 2 }',
      'include: ["*.tif"]',
      'policy: { maxAttempts: 5, timeoutSeconds: 30 }',
      'batching: { maxObjects: 3 }',
    ].join('\n');
    const { request } = await described(
      text,
      '--output',
      'out',
      '--param',
      'b=3',
      '--attempts',
      '1',
      '--batch-bytes',
      '1KiB',
    );
    expect(request).toEqual({
      plugin: 'far-away',
      input: join(folder, 'images'),
      output: resolve('out'),
      params: { a: 1, b: '3' },
      include: ['*.tif'],
      policy: { maxAttempts: 1, timeoutSeconds: 30 },
      batching: { maxObjects: 3, maxBytes: 1_024 },
    });
  });

  it('checks the parameters of a plugin that is here with the rest of the file', async () => {
    const lines = 'plugin: echo\nparams:\n  pauseSecond: 1\n  pauseSeconds: long\ninputs: x\n';
    const wrong = described(lines);
    await expect(wrong).rejects.toThrow(/:\s*line 3, column 3: .*did you mean "pauseSeconds"/);
    await expect(wrong).rejects.toThrow(
      /\n {2}line 4, column 17: params: pauseSeconds must be a number[^\n]*\n {2}line 5, column 1: /,
    );
    const rest = described(lines, '--param', 'pauseSeconds=1');
    await expect(rest).rejects.not.toThrow('line 4');
  });

  it('finds a plugin by its path as seen from the file', async () => {
    const { pluginSource } = await described('plugin: ./mine.mjs\ninput: in\noutput: out');
    expect(pluginSource).toBe(join(folder, 'mine.mjs'));
  });

  it('says what neither of them says', async () => {
    await expect(described('plugin: echo', '--input', 'in')).rejects.toThrow('The job has no output.');
    await expect(described('input: in')).rejects.toThrow('The job has no plugin and no output.');
  });

  it('says that there is no such file', async () => {
    await expect(describeJob(join(folder, 'none.yaml'), read())).rejects.toMatchObject({ code: 'job-file-invalid' });
  });
});
