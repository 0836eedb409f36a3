/** The least that each process has to be allowed on AWS for one job, as IAM policies. */
import { storeKind, type AssumedRole, type Location } from '@longshore/core';
import { literal, policyOf, type Policy, type Statement, type TrustPolicy } from './policy-words.js';
import { callsOf, otherRights, type Process } from './rights.js';
import { requiredOf, storageStatements, type Account, type StorageUse } from './storage-statements.js';

export interface PolicyQuestion {
  input: Location;
  output: Location;
  account: Account;
  /** Keys of KMS, where the buckets encrypt with keys that the job does not name. */
  inputKey?: string;
  outputKey?: string;
  /** Object that describes the job for an orchestrator which submits it by itself. */
  config?: { bucket: string; key: string };
  /** Name of the parameter that holds the address of the orchestrator. */
  urlParameter?: string;
  /** Address from which mail is sent. */
  sender?: string;
  /** What becomes of the machine of each process at the end. */
  shutdown?: Partial<Record<Process, 'stop' | 'terminate'>>;
  /** Who takes on the roles of the job; the account as a whole, where nobody is named. */
  principals?: readonly string[];
}

export interface RolePolicies {
  arn: string;
  policy: Policy;
  trust: TrustPolicy;
}

export interface JobPolicies {
  orchestrator: Policy;
  worker: Policy;
  /** Those of the roles that the job names; the rights at their locations are theirs, and not those of the processes. */
  roles: RolePolicies[];
}

const processes: readonly Process[] = ['orchestrator', 'worker'];

/** @throws LongshoreError `invalid-request` where something cannot be named that has to be */
export function jobPolicies(question: PolicyQuestion): JobPolicies {
  return {
    orchestrator: policyOf([...ownStorage(question, 'orchestrator'), ...orchestratorStatements(question)]),
    worker: policyOf([...ownStorage(question, 'worker'), ...workerStatements(question)]),
    roles: rolePolicies(question),
  };
}

function usesOf({ input, output, inputKey, outputKey }: PolicyQuestion, process: Process): StorageUse[] {
  const uses: StorageUse[] = [
    { name: 'Input', location: input, methods: callsOf[process].input, key: inputKey },
    { name: 'Output', location: output, methods: callsOf[process].output, key: outputKey },
  ];
  return uses.filter(({ location }) => storeKind(location) === 's3');
}

function ownStorage(question: PolicyQuestion, process: Process): Statement[] {
  const uses = usesOf(question, process);
  const roles = [...new Set(uses.flatMap(({ location }) => location.storage?.role?.arn ?? []))];
  const own = uses.filter(({ location }) => !location.storage?.role);
  const statements = own.flatMap((use) => storageStatements(use, question.account));
  if (roles.length === 0) return statements;
  return [...statements, { Sid: 'Roles', Effect: 'Allow', Action: ['sts:AssumeRole'], Resource: roles }];
}

function orchestratorStatements(question: PolicyQuestion): (Statement | undefined)[] {
  const { config, sender, account } = question;
  return [
    ...(config ? configStatements(config, account) : []),
    parameterStatement(question, 'PutParameter'),
    sender === undefined ? undefined : mailStatement(sender, account),
    shutdownStatement(question, 'orchestrator'),
  ];
}

function workerStatements(question: PolicyQuestion): (Statement | undefined)[] {
  return [parameterStatement(question, 'GetParameter', 'join-token'), shutdownStatement(question, 'worker')];
}

/** It is listed by its folder first, to know its ETag. */
function configStatements({ bucket, key }: NonNullable<PolicyQuestion['config']>, { partition }: Account): Statement[] {
  const arn = `arn:${partition}:s3:::${bucket}`;
  const Condition = { StringEquals: { 's3:prefix': key.slice(0, key.lastIndexOf('/') + 1) } };
  return [
    { Sid: 'ConfigListing', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: [arn], Condition },
    { Sid: 'ConfigObject', Effect: 'Allow', Action: ['s3:GetObject'], Resource: [`${arn}/${literal(key)}`] },
  ];
}

/** @param beside another parameter of the same folder */
function parameterStatement(
  { urlParameter, account }: PolicyQuestion,
  request: string,
  beside?: string,
): Statement | undefined {
  if (urlParameter === undefined) return undefined;
  const start = `arn:${account.partition}:ssm:${requiredOf(account, 'region')}:${requiredOf(account, 'id')}:parameter`;
  const path = urlParameter.startsWith('/') ? urlParameter : `/${urlParameter}`;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const paths = beside === undefined ? [path] : [path, folder + beside];
  return {
    Sid: 'Address',
    Effect: 'Allow',
    Action: actionsOf(request),
    Resource: paths.map((one) => start + literal(one)),
  };
}

/** SES looks at the identity of the sender, which is the address or its domain, whichever is verified. */
function mailStatement(sender: string, account: Account): Statement {
  const address = /<([^>]+)>\s*$/.exec(sender)?.[1] ?? sender.trim();
  const start = `arn:${account.partition}:ses:${requiredOf(account, 'region')}:${requiredOf(account, 'id')}:identity/`;
  const identities = [address, address.slice(address.lastIndexOf('@') + 1)];
  return {
    Sid: 'Mail',
    Effect: 'Allow',
    Action: actionsOf('SendRawEmail'),
    Resource: identities.map((identity) => start + literal(identity)),
    Condition: { StringEquals: { 'ses:FromAddress': address } },
  };
}

/** The name of a session of an instance ends with the id of the instance, so that no instance may end another one. */
function shutdownStatement({ shutdown, account }: PolicyQuestion, process: Process): Statement | undefined {
  const how = shutdown?.[process];
  if (how === undefined) return undefined;
  const Resource = [
    `arn:${account.partition}:ec2:${requiredOf(account, 'region')}:${requiredOf(account, 'id')}:instance/*`,
  ];
  const Action = actionsOf(how === 'stop' ? 'StopInstances' : 'TerminateInstances');
  const Condition = { StringLike: { 'aws:userid': '*:${ec2:InstanceID}' } };
  return { Sid: 'OwnMachine', Effect: 'Allow', Action, Resource, Condition };
}

function actionsOf(request: string): string[] {
  const action = otherRights[request];
  return action === undefined ? [] : [action];
}

function rolePolicies(question: PolicyQuestion): RolePolicies[] {
  const taken = [question.input, question.output].flatMap(({ storage }) => storage?.role ?? []);
  const byArn = new Map(taken.map((role) => [role.arn, role]));
  return [...byArn.values()].map((role) => {
    const statements = processes.flatMap((process) =>
      usesOf(question, process)
        .filter(({ location }) => location.storage?.role?.arn === role.arn)
        .flatMap((use) => storageStatements(use, question.account)),
    );
    return { arn: role.arn, policy: policyOf(merged(statements)), trust: trustOf(role, question) };
  });
}

/** Both processes take the same role on, so that it may do what either does. */
function merged(statements: readonly Statement[]): Statement[] {
  const bySid = new Map<string, Statement>();
  for (const statement of statements) {
    const before = bySid.get(statement.Sid);
    const Action = [...new Set([...(before?.Action ?? []), ...statement.Action])].sort();
    bySid.set(statement.Sid, { ...statement, Action });
  }
  return [...bySid.values()];
}

function trustOf({ externalId }: AssumedRole, { principals, account }: PolicyQuestion): TrustPolicy {
  const AWS = principals?.length
    ? [...principals]
    : [`arn:${account.partition}:iam::${requiredOf(account, 'id')}:root`];
  const Condition = externalId === undefined ? {} : { Condition: { StringEquals: { 'sts:ExternalId': externalId } } };
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: ['sts:AssumeRole'], ...Condition }],
  };
}
