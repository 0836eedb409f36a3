/** The command that submits the same job, or says what it would do. */
import type { CreateJobRequest } from '@longshore/core/protocol';
import { commandLine } from './shell.js';

type Described = Pick<CreateJobRequest, 'plugin' | 'input' | 'output'> &
  Partial<Omit<CreateJobRequest, 'plugin' | 'input' | 'output'>>;

/** Policies that the command line has an option for. */
const policyOptions = {
  timeoutSeconds: '--timeout',
  maxAttempts: '--attempts',
  retryDelaySeconds: '--retry-delay',
  toleratedDead: '--tolerate',
} as const;

export function submitLine(job: Described): string {
  return commandLine('submit', ...describingWords(job));
}

/** The orchestrator is asked that this page is of, because it knows what is done already. */
export function planLine(job: Described, url: string): string {
  return commandLine('plan', ...describingWords(job), '--url', url);
}

function describingWords(job: Described): (string | number)[] {
  const { batching = {}, policy = {}, include, exclude } = job;
  const words: (string | number)[] = ['--plugin', job.plugin, '--input', job.input, '--output', job.output];
  for (const [name, value] of Object.entries(job.params ?? {})) {
    words.push('--param', `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  }
  if (include && include.length > 0) words.push('--include', ...include);
  if (exclude && exclude.length > 0) words.push('--exclude', ...exclude);
  if (batching.maxObjects !== undefined) words.push('--batch-size', batching.maxObjects);
  if (batching.maxBytes !== undefined) words.push('--batch-bytes', batching.maxBytes);
  for (const [name, option] of Object.entries(policyOptions)) {
    const value = policy[name as keyof typeof policyOptions];
    if (value !== undefined) words.push(option, value);
  }
  if (job.skip && job.skip.by !== 'manifest') words.push('--skip', job.skip.by);
  return words;
}
