/** The options that describe a job, shared by `run` and `submit`. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { formatLocation, messageOf, parseBytes, parseLocation, readPercent, type RetryRule } from '@longshore/core';
import type { CreateJobRequest } from '@longshore/core/protocol';
import { addSkipOptions, skipMessage, type SkipOptions } from './skip-options.js';

export interface JobOptions extends SkipOptions {
  plugin: string;
  input: string;
  output: string;
  param: Record<string, string>;
  include?: string[];
  exclude?: string[];
  batchSize?: number;
  batchBytes?: number;
  timeout?: number;
  attempts?: number;
  retryDelay?: number;
  tolerate?: number | string;
  retry?: RetryRule[];
}

export function addJobOptions(command: Command): Command {
  const described = command
    .requiredOption('--plugin <name or path>', 'what to run: an installed plugin or the path of one')
    .requiredOption('--input <location>', 'a folder, or s3://bucket/prefix/')
    .requiredOption('--output <location>', 'a folder, or s3://bucket/prefix/')
    .addOption(
      new Option('--param <name=value>', 'a parameter of the plugin; may be repeated')
        .argParser(addParam)
        .default({}, 'those of the plugin'),
    )
    .option('--include <patterns...>', "glob patterns of keys below the input, instead of the plugin's")
    .option('--exclude <patterns...>', "glob patterns of keys to leave out, instead of the plugin's")
    .option('--batch-size <objects>', 'most objects in a task', wholeNumber)
    .option('--batch-bytes <size>', 'most bytes in a task, such as 2GiB', size)
    .option('--timeout <seconds>', 'longest time one command may run', positiveNumber)
    .option('--attempts <number>', 'how often a task may fail before it is set aside', wholeNumber)
    .option('--retry-delay <seconds>', 'wait before the second try; grows from there', positiveNumber)
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

/** Paths are made absolute here, because the orchestrator has another working directory. */
export function jobRequest(options: JobOptions, pluginName: string): CreateJobRequest {
  const policy = {
    ...(options.timeout !== undefined && { timeoutSeconds: options.timeout }),
    ...(options.attempts !== undefined && { maxAttempts: options.attempts }),
    ...(options.retryDelay !== undefined && { retryDelaySeconds: options.retryDelay }),
    ...(options.tolerate !== undefined && { toleratedDead: options.tolerate }),
    ...(options.retry && { retry: options.retry }),
  };
  const batching = {
    ...(options.batchSize !== undefined && { maxObjects: options.batchSize }),
    ...(options.batchBytes !== undefined && { maxBytes: options.batchBytes }),
  };
  return {
    plugin: pluginName,
    input: formatLocation(parseLocation(options.input)),
    output: formatLocation(parseLocation(options.output)),
    params: options.param,
    policy,
    ...skipMessage(options),
    ...(options.include && { include: options.include }),
    ...(options.exclude && { exclude: options.exclude }),
    ...(Object.keys(batching).length > 0 && { batching }),
  };
}

export function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw new InvalidArgumentError('It must be a whole number.');
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

function size(text: string): number {
  try {
    return parseBytes(text);
  } catch {
    throw new InvalidArgumentError('It must be a size, such as 512MiB.');
  }
}

function positiveNumber(text: string): number {
  const number = Number(text);
  if (number >= 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('It must be a number, 0 or more.');
}

function addParam(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('Write name=value.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}
