/** The job file and the options that describe a job, shared by every command that takes one. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { formatLocation, messageOf, parseLocation, readPercent, type JobPlugin, type RetryRule } from '@longshore/core';
import type { BatchingMessage, CreateJobRequest } from '@longshore/core/protocol';
import { loadPlugin } from '@longshore/adapters/plugin-loader';
import { JobFile, looksLikePath, type WrittenJob } from '../job-file/job-file.js';
import { size, wholeNumber, zeroOrMore } from '../terminal/numbers.js';
import { UsageError } from '../terminal/usage-error.js';
import { addSkipOptions, skipMessage, type SkipOptions } from './skip-options.js';

export interface JobOptions extends SkipOptions {
  plugin?: string;
  input?: string;
  output?: string;
  param: Record<string, string>;
  include?: string[];
  exclude?: string[];
  batchSize?: number;
  batchBytes?: number;
  batchSeconds?: number;
  timeout?: number;
  attempts?: number;
  retryDelay?: number;
  tolerate?: number | string;
  retry?: RetryRule[];
}

export function addJobOptions(command: Command): Command {
  const described = command
    .argument(
      '[job.yaml]',
      'a file that describes the job, or one of Distributed-Something; options win over what it says',
    )
    .option('--plugin <name or path>', 'what to run: an installed plugin or the path of one')
    .option('--input <location>', 'a folder, or s3://bucket/prefix/')
    .option('--output <location>', 'a folder, or s3://bucket/prefix/')
    .addOption(
      new Option('--param <name=value>', 'a parameter of the plugin; may be repeated')
        .argParser(addParam)
        .default({}, 'those of the plugin'),
    )
    .option('--include <patterns...>', "glob patterns of keys below the input, instead of the plugin's")
    .option('--exclude <patterns...>', "glob patterns of keys to leave out, instead of the plugin's")
    .option('--batch-size <objects>', 'most objects in a task', wholeNumber)
    .option('--batch-bytes <size>', 'most bytes in a task, such as 2GiB', size)
    .addOption(
      new Option('--batch-seconds <seconds>', 'how long a task is to take, instead of how many objects it has')
        .argParser(zeroOrMore)
        .conflicts('batchSize'),
    )
    .option('--timeout <seconds>', 'longest time one command may run', zeroOrMore)
    .option('--attempts <number>', 'how often a task may fail before it is set aside', wholeNumber)
    .option('--retry-delay <seconds>', 'wait before the second try; grows from there', zeroOrMore)
    .option(
      '--tolerate <objects>',
      'dead objects with which the job still counts as completed: a number, or a share such as 2%',
      tolerance,
    )
    .addOption(
      new Option(
        '--retry <rule>',
        'what an exit code or a reason means: exit=75:retry costs no attempt, reason=oom:fail is the last; may be repeated',
      ).argParser(addRetryRule),
    );
  return addSkipOptions(described);
}

export interface DescribedJob {
  /** The name of the plugin stands in it only where the job named it so; a path has to be loaded first. */
  request: CreateJobRequest;
  /** What the plugin is loaded from: its name or its absolute path. */
  pluginSource: string;
  /** Does what an orchestrator may refuse, and says where in the file stands what it refuses. */
  inFile: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The job as its file and the command line describe it together. @throws UsageError; LongshoreError `job-file-invalid` */
export async function describeJob(file: string | undefined, options: JobOptions): Promise<DescribedJob> {
  const read = file === undefined ? undefined : await JobFile.read(file);
  const written = read?.written ?? {};
  const { plugin, input, output } = { ...written, ...fromCommandLine(options) };
  read?.assertRight(await pluginIfHere(plugin), options.param);
  if (plugin === undefined || input === undefined || output === undefined) {
    const missing = Object.entries({ plugin, input, output }).flatMap(([name, value]) =>
      value === undefined ? name : [],
    );
    throw new UsageError(
      `The job has no ${missing.join(' and no ')}.`,
      `Say it with ${missing.map((name) => `--${name}`).join(' and ')}, or in a job file.`,
    );
  }
  return {
    request: { ...withOptions(written, options), plugin, input, output },
    pluginSource: plugin,
    inFile: (work) => (read ? read.inFile(work) : work()),
  };
}

/** So that its parameters are checked with the rest of the file; where it is not here, the orchestrator checks them. */
async function pluginIfHere(source: unknown): Promise<JobPlugin | undefined> {
  return typeof source === 'string' ? loadPlugin(source).catch(() => undefined) : undefined;
}

/** Paths are made absolute here, because the orchestrator has another working directory. */
function fromCommandLine({ plugin, input, output }: JobOptions): Partial<CreateJobRequest> {
  return {
    ...(plugin !== undefined && { plugin: looksLikePath(plugin) ? resolve(plugin) : plugin }),
    ...(input !== undefined && { input: formatLocation(parseLocation(input)) }),
    ...(output !== undefined && { output: formatLocation(parseLocation(output)) }),
  };
}

function withOptions(written: WrittenJob, options: JobOptions): WrittenJob {
  const policy = {
    ...written.policy,
    ...(options.timeout !== undefined && { timeoutSeconds: options.timeout }),
    ...(options.attempts !== undefined && { maxAttempts: options.attempts }),
    ...(options.retryDelay !== undefined && { retryDelaySeconds: options.retryDelay }),
    ...(options.tolerate !== undefined && { toleratedDead: options.tolerate }),
    ...(options.retry && { retry: options.retry }),
  };
  const batching = {
    ...writtenBatching(written, options),
    ...(options.batchSize !== undefined && { maxObjects: options.batchSize }),
    ...(options.batchBytes !== undefined && { maxBytes: options.batchBytes }),
    ...(options.batchSeconds !== undefined && { targetSeconds: options.batchSeconds }),
  };
  return {
    ...written,
    params: { ...written.params, ...options.param },
    policy,
    ...skipMessage(options),
    ...(options.include && { include: options.include }),
    ...(options.exclude && { exclude: options.exclude }),
    ...(Object.keys(batching).length > 0 && { batching }),
  };
}

/** A size takes the place of a target that the file has, and a target that of a size; bounds of a target stay. */
function writtenBatching({ batching = {} }: WrittenJob, { batchSize, batchSeconds }: JobOptions): BatchingMessage {
  if (batchSize !== undefined) {
    const { targetSeconds: _target, minObjects: _bound, ...sizes } = batching;
    return sizes;
  }
  if (batchSeconds === undefined || batching.targetSeconds !== undefined) return batching;
  const { maxObjects: _size, ...bounds } = batching;
  return bounds;
}

function tolerance(text: string): number | string {
  if (!text.endsWith('%')) return wholeNumber(text);
  try {
    readPercent(text);
    return text;
  } catch (thrown) {
    throw new InvalidArgumentError(messageOf(thrown));
  }
}

function addRetryRule(text: string, before: RetryRule[] = []): RetryRule[] {
  const match = /^(exit|reason)=([^:]+):(retry|fail)$/.exec(text);
  if (!match) throw new InvalidArgumentError('Write exit=75:retry, exit=1,2:fail or reason=oom:fail.');
  const [, kind, values = '', then] = match as unknown as [string, 'exit' | 'reason', string, RetryRule['then']];
  const listed = values.split(',');
  const on = kind === 'exit' ? { exit: listed.map(wholeNumber) } : { reason: listed };
  return [...before, { on, then }];
}

export function addParam(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
