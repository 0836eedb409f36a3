/** `longshore policy`: the least that each process has to be allowed on AWS for a job. */
import { jobPolicies, type JobPolicies, type PolicyQuestion } from '@longshore/adapters/iam';
import { parseLocation, withStorage } from '@longshore/core';
import { storageSettings } from '@longshore/core/protocol';
import { Command, Option } from 'commander';
import { example } from '../terminal/example.js';
import { UsageError } from '../terminal/usage-error.js';
import { printJson } from './client-options.js';
import { addJobOptions, describeJob, type JobOptions } from './job-options.js';

const parts = ['orchestrator', 'worker', 'roles'] as const;

interface PolicyOptions extends JobOptions {
  for?: (typeof parts)[number];
  account?: string;
  region?: string;
  partition: string;
  inputKey?: string;
  outputKey?: string;
  config?: string;
  urlParameter?: string;
  sender?: string;
  shutdown?: 'stop' | 'terminate' | 'none';
  principal?: string[];
}

export function policyCommand(): Command {
  const command = new Command('policy').description('print IAM policies that allow what a job needs, and no more');
  return addJobOptions(command)
    .addOption(new Option('--for <part>', 'one policy alone').choices(parts))
    .option('--account <id>', 'account of the processes')
    .option('--region <name>', 'region of parameter, mail, machines and keys (AWS_REGION)')
    .option('--partition <name>', 'such as aws-cn or aws-us-gov', 'aws')
    .option('--input-key <arn>', 'KMS key of the input bucket')
    .option('--output-key <arn>', 'KMS key of the output bucket, where the job names none')
    .option('--config <location>', 's3://bucket/key of the description (CONFIG_BUCKET and CONFIG_KEY)')
    .option('--url-parameter <name>', 'parameter that holds the address (LONGSHORE_URL_PARAMETER)')
    .option('--sender <address>', 'from whom mail is sent (SENDER_EMAIL)')
    .addOption(
      new Option('--shutdown <how>', 'what becomes of the machines at the end (LONGSHORE_SHUTDOWN)').choices([
        'stop',
        'terminate',
        'none',
      ]),
    )
    .option('--principal <arns...>', 'who takes on the roles of the job; the whole account, where nobody is named')
    .addHelpText('after', example('longshore policy job.yaml --for worker > worker-policy.json'))
    .action(async (file: string | undefined, options: PolicyOptions) => {
      const { request } = await describeJob(file, options);
      const { storage } = request;
      const policies = jobPolicies({
        input: withStorage(parseLocation(request.input), storageSettings(storage?.input)),
        output: withStorage(parseLocation(request.output), storageSettings(storage?.output)),
        ...surroundings(options, process.env),
      });
      printJson(partOf(policies, options.for));
    });
}

function partOf(policies: JobPolicies, part: PolicyOptions['for']): unknown {
  return part === undefined ? policies : policies[part];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What is no part of the job, as the processes read it from their environment. */
export function surroundings(
  options: Omit<PolicyOptions, 'param'>,
  environment: Environment,
): Omit<PolicyQuestion, 'input' | 'output'> {
  const named = (option: string | undefined, variable: string) => option ?? said(environment[variable]);
  const region = named(options.region, 'AWS_REGION') ?? named(undefined, 'AWS_DEFAULT_REGION');
  const sender = named(options.sender, 'SENDER_EMAIL');
  const shutdown = named(options.shutdown, 'LONGSHORE_SHUTDOWN');
  const config = configOf(options.config, environment);
  // An orchestrator with a configured job leaves its address there unless it is told another name.
  const fallback = config && '/orchestrator/url';
  const urlParameter = named(options.urlParameter, 'LONGSHORE_URL_PARAMETER') ?? fallback;
  return {
    account: { partition: options.partition, ...accountId(options.account), ...(region !== undefined && { region }) },
    ...(options.inputKey !== undefined && { inputKey: options.inputKey }),
    ...(options.outputKey !== undefined && { outputKey: options.outputKey }),
    ...(config && { config }),
    ...(urlParameter !== undefined && { urlParameter }),
    ...(sender !== undefined && { sender }),
    ...((shutdown === 'stop' || shutdown === 'terminate') && {
      shutdown: { orchestrator: shutdown, worker: shutdown },
    }),
    ...(options.principal && { principals: options.principal }),
  };
}

/** A variable that is empty says nothing. */
function said(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function accountId(id: string | undefined): { id?: string } {
  if (id === undefined) return {};
  if (/^\d{12}$/.test(id)) return { id };
  throw new UsageError(`"${id}" is no account of AWS.`, 'Its id has twelve digits.');
}

function configOf(location: string | undefined, environment: Environment): PolicyQuestion['config'] {
  const { CONFIG_BUCKET: bucket, CONFIG_KEY: key } = environment;
  if (location === undefined) return bucket ? { bucket, key: said(key) ?? 'configuration/config.json' } : undefined;
  const [, named, path] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(location) ?? [];
  if (named !== undefined && path !== undefined) return { bucket: named, key: path };
  throw new UsageError(`"${location}" names no object.`, 'Write s3://bucket/key.');
}
