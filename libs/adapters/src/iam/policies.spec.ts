import { describe, expect, it } from '@jest/globals';
import type { Location, StorageSettings } from '@longshore/core';
import fc from 'fast-check';
import { jobPolicies, type JobPolicies, type PolicyQuestion } from './policies.js';
import type { Statement } from './policy-words.js';

const account = { partition: 'aws', id: '123456789012', region: 'eu-west-1' };
const reader = 'arn:aws:iam::210987654321:role/reader';

const question = (changes: Partial<PolicyQuestion> = {}): PolicyQuestion => ({
  input: { bucket: 'images', prefix: 'in/' },
  output: { bucket: 'results', prefix: 'out/' },
  account,
  ...changes,
});

const statementsOf = ({ orchestrator, worker, roles }: JobPolicies): Statement[] => [
  ...orchestrator.Statement,
  ...worker.Statement,
  ...roles.flatMap(({ policy }) => policy.Statement),
];
const actionsIn = (statements: readonly Statement[]) => [...new Set(statements.flatMap(({ Action }) => Action))].sort();
const named = (statements: readonly Statement[], sid: string) => statements.find(({ Sid }) => Sid === sid);

const anySettings: fc.Arbitrary<StorageSettings> = fc.record(
  {
    region: fc.constantFrom('eu-central-1', 'us-east-1'),
    requesterPays: fc.boolean(),
    role: fc.constantFrom({ arn: reader }, { arn: `${reader}-2`, externalId: 'agreed' }),
    encryption: fc.constantFrom<NonNullable<StorageSettings['encryption']>>(
      { type: 'AES256' },
      { type: 'aws:kms' },
      { type: 'aws:kms', key: 'alias/results' },
      { type: 'aws:kms', key: '1234abcd-12ab-34cd-56ef-1234567890ab' },
      { type: 'aws:kms', key: 'arn:aws:kms:us-east-1:210987654321:key/abc' },
    ),
    tags: fc.constant({ project: 'p7' }),
    acl: fc.constant('bucket-owner-full-control' as const),
  },
  { requiredKeys: [] },
);
const anyLocation: fc.Arbitrary<Location> = fc.record({
  bucket: fc.constantFrom('images', 'results', 'other.bucket'),
  prefix: fc.constantFrom('', 'run1/', 'a*b/', 'what?/', '$money/', '${aws:userid}/'),
  storage: anySettings,
});
const anyQuestion: fc.Arbitrary<PolicyQuestion> = fc.record(
  {
    input: anyLocation,
    output: anyLocation,
    account: fc.constant(account),
    inputKey: fc.constant('arn:aws:kms:eu-west-1:123456789012:key/in'),
    outputKey: fc.constant('alias/out'),
    config: fc.constantFrom({ bucket: 'main', key: 'configuration/config.json' }, { bucket: 'main', key: 'c*.json' }),
    urlParameter: fc.constantFrom('/orchestrator/url', 'url'),
    sender: fc.constantFrom('a@example.org', 'Longshore <a@example.org>'),
    shutdown: fc.constantFrom<PolicyQuestion['shutdown'] & object>({ orchestrator: 'stop', worker: 'terminate' }, {}),
  },
  { requiredKeys: ['input', 'output', 'account'] },
);

/** Where AWS knows no narrower name, with the condition that narrows it instead. */
const narrowedByCondition: Record<string, string> = {
  // The id of the machine is not known before it is started.
  'arn:aws:ec2:eu-west-1:123456789012:instance/*': 'aws:userid',
  // An alias is no resource of a policy.
  'arn:aws:kms:eu-west-1:123456789012:key/*': 'kms:ResourceAliases',
  'arn:aws:kms:eu-central-1:123456789012:key/*': 'kms:ResourceAliases',
  'arn:aws:kms:us-east-1:123456789012:key/*': 'kms:ResourceAliases',
};

describe('the policies of any job', () => {
  it('allow no action by a wildcard, and reach nothing that is not of the job', () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        for (const { Action, Resource, Condition } of statementsOf(jobPolicies(asked))) {
          expect(Action.length).toBeGreaterThan(0);
          for (const action of Action) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
          expect(Resource.length).toBeGreaterThan(0);
          for (const resource of Resource) {
            const [, , service = '', , , ...rest] = resource.split(':');
            expect(['s3', 'kms', 'sts', 'iam', 'ssm', 'ses', 'ec2']).toContain(service);
            const name = rest.join(':').replace(/\$\{[*?$]\}/g, '');
            // The objects of the job are whatever begins with its prefix.
            const open = service === 's3' ? name.replace(/^[a-z.]+\/.*\*$|^images\/\*$/s, '') : name;
            const key = narrowedByCondition[resource];
            if (key === undefined) expect(open).not.toMatch(/[*?]/);
            else expect(JSON.stringify(Condition)).toContain(`"${key}"`);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('name each statement once', () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const { orchestrator, worker, roles } = jobPolicies(asked);
        for (const { Statement } of [orchestrator, worker, ...roles.map(({ policy }) => policy)]) {
          const names = Statement.map(({ Sid }) => Sid);
          expect(new Set(names).size).toBe(names.length);
          for (const name of names) expect(name).toMatch(/^[A-Za-z0-9]+$/);
        }
      }),
    );
  });

  it('fit into a managed policy, which has at most 6,144 letters', () => {
    fc.assert(
      fc.property(anyQuestion, (asked) => {
        const { orchestrator, worker } = jobPolicies(asked);
        for (const policy of [orchestrator, worker]) expect(JSON.stringify(policy).length).toBeLessThan(6_144);
      }),
    );
  });
});

describe('the policies of a job', () => {
  it('let the orchestrator list inputs and not read them, and the worker read them and not list them', () => {
    const { orchestrator, worker } = jobPolicies(question());
    const about = (statements: readonly Statement[]) =>
      actionsIn(statements.filter(({ Resource }) => Resource.some((resource) => resource.includes('images'))));
    expect(about(orchestrator.Statement)).toEqual(['s3:ListBucket']);
    expect(about(worker.Statement)).toEqual(['s3:GetObject']);
    expect(named(orchestrator.Statement, 'InputListing')?.Condition).toEqual({ StringEquals: { 's3:prefix': 'in/' } });
  });

  it('let tags be set only where there are some, and the bucket owner be given his rights only where he is', () => {
    const plain = actionsIn(statementsOf(jobPolicies(question())));
    expect(plain).toEqual([
      's3:AbortMultipartUpload',
      's3:GetObject',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
      's3:PutObject',
    ]);
    const storage: StorageSettings = { tags: { a: 'b' }, acl: 'bucket-owner-full-control' };
    const more = actionsIn(
      statementsOf(jobPolicies(question({ output: { bucket: 'results', prefix: 'out/', storage } }))),
    );
    expect(more.filter((action) => !plain.includes(action))).toEqual(['s3:PutObjectAcl', 's3:PutObjectTagging']);
  });

  it('give the rights at a location to its role, and to the processes only that of taking it on', () => {
    const role = { arn: reader, externalId: 'agreed' };
    const input = { bucket: 'images', prefix: 'in/', storage: { role } };
    const { orchestrator, worker, roles } = jobPolicies(question({ input }));
    expect(JSON.stringify([orchestrator, worker])).not.toContain('images');
    for (const { Statement } of [orchestrator, worker]) {
      expect(named(Statement, 'Roles')).toMatchObject({ Action: ['sts:AssumeRole'], Resource: [reader] });
    }
    expect(roles).toHaveLength(1);
    expect(actionsIn(roles[0]!.policy.Statement)).toEqual(['s3:GetObject', 's3:ListBucket']);
    expect(roles[0]!.trust.Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { AWS: ['arn:aws:iam::123456789012:root'] },
        Action: ['sts:AssumeRole'],
        Condition: { StringEquals: { 'sts:ExternalId': 'agreed' } },
      },
    ]);
  });

  it('name one key, one parameter, one sender and the own machine', () => {
    const storage: StorageSettings = { encryption: { type: 'aws:kms', key: 'abc' } };
    const { orchestrator, worker } = jobPolicies(
      question({
        output: { bucket: 'results', prefix: 'out/', storage },
        urlParameter: '/orchestrator/url',
        sender: 'Longshore <a@example.org>',
        shutdown: { orchestrator: 'stop', worker: 'terminate' },
      }),
    );
    expect(named(worker.Statement, 'OutputKey')).toMatchObject({
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: ['arn:aws:kms:eu-west-1:123456789012:key/abc'],
      Condition: { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } },
    });
    expect(named(orchestrator.Statement, 'Address')?.Action).toEqual(['ssm:PutParameter']);
    expect(named(worker.Statement, 'Address')).toMatchObject({
      Action: ['ssm:GetParameter'],
      Resource: ['url', 'join-token'].map(
        (name) => `arn:aws:ssm:eu-west-1:123456789012:parameter/orchestrator/${name}`,
      ),
    });
    expect(named(orchestrator.Statement, 'Mail')?.Condition).toEqual({
      StringEquals: { 'ses:FromAddress': 'a@example.org' },
    });
    expect(named(orchestrator.Statement, 'OwnMachine')?.Action).toEqual(['ec2:StopInstances']);
    expect(named(worker.Statement, 'OwnMachine')).toMatchObject({
      Action: ['ec2:TerminateInstances'],
      Condition: { StringLike: { 'aws:userid': '*:${ec2:InstanceID}' } },
    });
  });

  it('are empty of storage where nothing is on S3, and say what they cannot name', () => {
    const folder = { bucket: 'file:///data', prefix: '' };
    expect(statementsOf(jobPolicies(question({ input: folder, output: folder })))).toEqual([]);
    const unnamed = question({ urlParameter: '/url', account: { partition: 'aws', region: 'eu-west-1' } });
    expect(() => jobPolicies(unnamed)).toThrow(/account/);
  });
});
