/** The rights of a process at one location: what it does there, and no more. */
import { LongshoreError, type Location } from '@longshore/core';
import { anythingBelow, literal, type Statement } from './policy-words.js';
import { requestsOf, storageRights, type Reach, type StoreMethod } from './rights.js';

export interface Account {
  partition: string;
  /** Twelve digits; only what cannot be named without it needs it. */
  id?: string;
  region?: string;
}

export interface StorageUse {
  /** Begins the name of each statement. */
  name: 'Input' | 'Output';
  location: Location;
  methods: readonly StoreMethod[];
  /** Key of KMS with which the objects are encrypted, where the job does not name it. */
  key?: string | undefined;
}

export function storageStatements(use: StorageUse, account: Account): Statement[] {
  const { bucket, prefix } = use.location;
  const arn = `arn:${account.partition}:s3:::${bucket}`;
  const objects = actionsOf(use, 'objects');
  const listing: Statement = {
    Sid: `${use.name}Listing`,
    Effect: 'Allow',
    Action: actionsOf(use, 'listing'),
    Resource: [arn],
    ...listingCondition(use, prefix),
  };
  const statements: Statement[] = [
    listing,
    { Sid: `${use.name}Bucket`, Effect: 'Allow', Action: actionsOf(use, 'bucket'), Resource: [arn] },
    { Sid: `${use.name}Objects`, Effect: 'Allow', Action: objects, Resource: [`${arn}/${anythingBelow(prefix)}`] },
    ...keyStatements(use, account),
  ];
  return statements.filter(({ Action }) => Action.length > 0);
}

function actionsOf({ methods, location: { storage = {} } }: StorageUse, reach: Reach): string[] {
  const requests = new Set<string>(methods.flatMap((method) => requestsOf[method]));
  const rights = [...requests].flatMap((request) => storageRights[request] ?? []);
  const actions = new Set(rights.filter((right) => right.reach === reach).map(({ action }) => action));
  if (actions.has('s3:PutObject') && storage.tags) actions.add('s3:PutObjectTagging');
  if (actions.has('s3:PutObject') && storage.acl) actions.add('s3:PutObjectAcl');
  return [...actions].sort();
}

/** Inputs are listed by their prefix alone; of outputs it is asked too whether a single one is there. */
function listingCondition({ methods }: StorageUse, prefix: string): Pick<Statement, 'Condition'> {
  if (!methods.includes('publish')) return { Condition: { StringEquals: { 's3:prefix': prefix } } };
  return prefix === '' ? {} : { Condition: { StringLike: { 's3:prefix': anythingBelow(prefix) } } };
}

/** Whoever uploads in parts has to decrypt too. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuAndPermissions.html */
function keyStatements({ name, location, methods, key: told }: StorageUse, account: Account): Statement[] {
  const key = told ?? location.storage?.encryption?.key;
  const isManaged = key === undefined || key === 'alias/aws/s3' || key.endsWith(':alias/aws/s3');
  if (isManaged) return [];
  const writes = methods.includes('stage');
  const Action = writes ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'];
  if (!writes && !methods.includes('read')) return [];
  const { resource, region, alias } = keyArn(key, { ...account, ...regionOf(location) });
  const through = {
    'kms:ViaService': `s3.${region}.${account.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com'}`,
  };
  const Condition: NonNullable<Statement['Condition']> = { StringEquals: through };
  // An alias names no resource in a policy; whatever key bears it may be used.
  if (alias !== undefined) Condition['ForAnyValue:StringEquals'] = { 'kms:ResourceAliases': alias };
  return [{ Sid: `${name}Key`, Effect: 'Allow', Action, Resource: [resource], Condition }];
}

/** A key lies in the region of its bucket. */
function regionOf({ storage }: Location): Pick<Account, 'region'> {
  return storage?.region === undefined ? {} : { region: storage.region };
}

function keyArn(key: string, account: Account): { resource: string; region: string; alias?: string } {
  const [, , , region = requiredOf(account, 'region'), id = requiredOf(account, 'id')] = key.split(':');
  const name = key.slice(key.lastIndexOf(':') + 1);
  const start = `arn:${account.partition}:kms:${region}:${id}:key/`;
  if (name.startsWith('alias/')) return { resource: `${start}*`, region, alias: name };
  return { resource: start + literal(name.replace(/^key\//, '')), region };
}

/** @throws LongshoreError `invalid-request` */
export function requiredOf(account: Account, what: 'id' | 'region'): string {
  const value = account[what];
  if (value !== undefined) return value;
  const option = what === 'id' ? '--account' : '--region';
  throw new LongshoreError('invalid-request', `The policy has to name the ${what === 'id' ? 'account' : 'region'}.`, {
    remedy: `Say it with ${option}.`,
  });
}
