import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addJobOptions, jobRequest, type JobOptions } from './job-options.js';

function read(...args: string[]): JobOptions {
  const command = addJobOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr: () => undefined });
  return command
    .parse(['--plugin', 'echo', '--input', 'in', '--output', 's3://bucket/out', ...args], { from: 'user' })
    .opts();
}

describe('the options of a job', () => {
  it('make paths absolute, because the orchestrator has another working directory', () => {
    expect(jobRequest(read(), 'echo')).toMatchObject({ input: resolve('in'), output: 's3://bucket/out/' });
  });

  it('collect parameters, values with equal signs included', () => {
    expect(read('--param', 'a=1', '--param', 'b=x=y').param).toEqual({ a: '1', b: 'x=y' });
  });

  it('say only what was said', () => {
    expect(jobRequest(read(), 'echo')).not.toHaveProperty('batching');
    expect(jobRequest(read('--batch-size', '5', '--batch-bytes', '1KiB', '--attempts', '2'), 'echo')).toMatchObject({
      batching: { maxObjects: 5, maxBytes: 1_024 },
      policy: { maxAttempts: 2 },
    });
  });

  it.each([
    ['--param', 'novalue'],
    ['--batch-size', 'many'],
    ['--batch-bytes', 'huge'],
    ['--timeout', '-1'],
  ])('refuse %s %s', (...args) => {
    expect(() => read(...args)).toThrow();
  });

  it('leave what counts as done to the orchestrator, or say it', () => {
    expect(jobRequest(read(), 'echo')).not.toHaveProperty('skip');
    expect(jobRequest(read('--skip', 'none'), 'echo')).toMatchObject({ skip: { by: 'none' } });
    const outputs = ['--done-count', '7', '--done-min-bytes', '1', '--done-name', '.csv'];
    const skip = { by: 'outputs', count: 7, minBytes: 1, nameContains: '.csv' };
    expect(jobRequest(read(...outputs), 'echo').skip).toEqual(skip);
    expect(jobRequest(read('--skip', 'outputs', ...outputs), 'echo').skip).toEqual(skip);
    expect(() => read('--skip', 'perhaps')).toThrow(/Allowed choices are manifest, outputs, none/);
    expect(() => read('--done-count', 'many')).toThrow(/whole number/);
  });
});
