/** The command that submits the same job, or says what it would do. */
import type { CreateJobRequest } from '@longshore/core/protocol';
import { commandLine } from './shell.js';

type RetryRule = NonNullable<NonNullable<CreateJobRequest['policy']>['retry']>[number];
type Described = Pick<CreateJobRequest, 'plugin' | 'input' | 'output'> &
  Partial<Omit<CreateJobRequest, 'plugin' | 'input' | 'output'>>;

/** Policies that the command line has an option for. */
const policyOptions = {
  timeoutSeconds: '--timeout',
  maxAttempts: '--attempts',
  retryDelaySeconds: '--retry-delay',
  toleratedDead: '--tolerate',
} as const;

/** As policies are where nothing is said. */
const usualPolicy = { maxLosses: 10, ackTimeoutSeconds: 60 } as const;
const fileName = 'job.yaml';

export function submitLine(job: Described): string {
  return commandLine('submit', jobFile(job) && fileName, ...describingWords(job));
}

/** What no option of the command line says, as the job file that goes with the command: JSON, and so YAML. */
export function jobFile({ storage, policy = {} }: Described): string | undefined {
  const unusual = Object.entries(usualPolicy).flatMap(([name, usual]) => {
    const value = policy[name as keyof typeof usualPolicy];
    return value === undefined || value === usual ? [] : [[name, value]];
  });
  if (unusual.length === 0 && storage === undefined) return undefined;
  const said = {
    ...(unusual.length > 0 && { policy: Object.fromEntries(unusual) as unknown }),
    ...(storage && { storage }),
  };
  return JSON.stringify(said, null, 2);
}

/** The orchestrator is asked that this page is of, because it knows what is done already. */
export function planLine(job: Described, url: string): string {
  return commandLine('plan', jobFile(job) && fileName, ...describingWords(job), '--url', url);
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
  for (const { on, then } of policy.retry ?? []) words.push(...retryWords(on, then));
  return [...words, ...skipWords(job.skip)];
}

function retryWords({ exit, reason }: RetryRule['on'], then: string): string[] {
  const kinds = [['exit', exit] as const, ['reason', reason] as const].filter(([, values]) => values !== undefined);
  return kinds.flatMap(([kind, values]) => ['--retry', `${kind}=${[values].flat().join(',')}:${then}`]);
}

function skipWords(skip: Described['skip']): (string | number)[] {
  if (!skip || skip.by === 'manifest') return [];
  const { by, count, minBytes, nameContains } = skip;
  return [
    ...['--skip', by],
    ...(count === undefined ? [] : ['--done-count', count]),
    ...(minBytes === undefined ? [] : ['--done-min-bytes', minBytes]),
    ...(nameContains === undefined ? [] : ['--done-name', nameContains]),
  ];
}
