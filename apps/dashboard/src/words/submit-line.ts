/** The command that submits the same job, or says what it would do. */
import type { CreateJobRequest } from '@longshore/core/protocol';
import { commandLine } from './shell.js';

type RetryRule = NonNullable<NonNullable<CreateJobRequest['policy']>['retry']>[number];
type Batching = NonNullable<CreateJobRequest['batching']>;
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
/** As bounds are where nothing is said. */
const mostObjects = 10_000;
const fileName = 'job.yaml';

export function submitLine(job: Described): string {
  return commandLine('submit', jobFile(job) && fileName, ...describingWords(job));
}

/** What no option of the command line says, as the job file that goes with the command: JSON, and so YAML. */
export function jobFile({ storage, batching, policy = {} }: Described): string | undefined {
  const unusual = Object.entries(usualPolicy).flatMap(([name, usual]) => {
    const value = policy[name as keyof typeof usualPolicy];
    return value === undefined || value === usual ? [] : [[name, value]];
  });
  const bounds = boundsOf(batching);
  if (unusual.length === 0 && bounds === undefined && storage === undefined) return undefined;
  const said = {
    ...(bounds && { batching: bounds }),
    ...(unusual.length > 0 && { policy: Object.fromEntries(unusual) as unknown }),
    ...(storage && { storage }),
  };
  return JSON.stringify(said, null, 2);
}

/** Of tasks that are cut by time, where somebody said them; the target stands with them, without which they would be something else. */
function boundsOf({ targetSeconds, minObjects = 1, maxObjects = mostObjects }: Batching = {}): Batching | undefined {
  if (targetSeconds === undefined || (minObjects === 1 && maxObjects === mostObjects)) return undefined;
  return { targetSeconds, ...(minObjects !== 1 && { minObjects }), ...(maxObjects !== mostObjects && { maxObjects }) };
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
  if (batching.targetSeconds !== undefined) words.push('--batch-seconds', batching.targetSeconds);
  else if (batching.maxObjects !== undefined) words.push('--batch-size', batching.maxObjects);
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
