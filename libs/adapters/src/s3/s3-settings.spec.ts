import { GetObjectTaggingCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { StorageSettings } from '@longshore/core';
import type { Asked } from '../testing/index.js';
import { contentType } from './output-attributes.js';
import { listAll, readAll, S3Bench } from './testing/s3-bench.js';

let bench: S3Bench;
const before = { ...process.env };

beforeAll(async () => {
  bench = await S3Bench.open();
});
afterEach(() => {
  bench.faults.calm();
  process.env = { ...before };
});
afterAll(() => bench[Symbol.asyncDispose]());

const role = { arn: 'arn:aws:iam::123456789012:role/reader', externalId: 'agreed' };
const keyIdOf = ({ headers }: Asked) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
const isCreate = ({ method, path }: Asked) => method === 'POST' && path.includes('uploads');
const isRoleRequest = ({ body }: Asked) => body.includes('Action=AssumeRole');

async function published(name: string, settings: StorageSettings) {
  const location = bench.at('out/', settings);
  const store = bench.store();
  const staged = await store.stage({ location, name, path: await bench.file('x') });
  await store.publish(location, staged);
  expect(await store.canPublish(location, staged)).toBe(true);
  return bench.client.send(new HeadObjectCommand({ Bucket: bench.bucket, Key: `out/${name}` }));
}

describe('an output on S3', () => {
  it('has the class, encryption, metadata, tags and type that its job wants, once it is published', async () => {
    const head = await published('plate 1/counts.csv', {
      storageClass: 'STANDARD_IA',
      encryption: { type: 'aws:kms', key: 'arn:aws:kms:us-east-1:123456789012:key/abc', bucketKey: true },
      metadata: { plate: '7' },
      tags: { project: 'p 7', 'cost-centre': 'a=b' },
    });
    expect(head).toMatchObject({
      ContentType: 'text/csv',
      StorageClass: 'STANDARD_IA',
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'arn:aws:kms:us-east-1:123456789012:key/abc',
    });
    const created = bench.faults.seen.find(isCreate);
    expect(created?.headers['x-amz-server-side-encryption-bucket-key-enabled']).toBe('true');
    expect(head.Metadata).toEqual({
      plate: '7',
      'longshore-upload': expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown as string,
    });
    const tagging = new GetObjectTaggingCommand({ Bucket: bench.bucket, Key: 'out/plate 1/counts.csv' });
    expect((await bench.client.send(tagging)).TagSet).toEqual(
      expect.arrayContaining([
        { Key: 'project', Value: 'p 7' },
        { Key: 'cost-centre', Value: 'a=b' },
      ]),
    );
  });

  it('belongs to the owner of its bucket, where the job says so', async () => {
    await published('owned', { acl: 'bucket-owner-full-control', encryption: { type: 'AES256' } });
    const created = bench.faults.seen.find(isCreate);
    expect(created?.headers).toMatchObject({
      'x-amz-acl': 'bucket-owner-full-control',
      'x-amz-server-side-encryption': 'AES256',
      'content-type': 'application/octet-stream',
    });
  });

  it.each<[string, string]>([
    ['a.tif', 'image/tiff'],
    ['A.PNG', 'image/png'],
    ['deep/down/a.json', 'application/json'],
    ['a.npy', 'application/octet-stream'],
    ['no ending', 'application/octet-stream'],
    ['deep/a.ome.tif', 'image/x-ome'],
    ['raw/a.csv', 'text/plain'],
    ['deep/raw/a.csv', 'text/csv'],
  ])('named %s is of the type %s', (name, type) => {
    const patterns = { '*.ome.tif': 'image/x-ome', '*.tif': 'image/tiff', 'raw/*.csv': 'text/plain' };
    expect(contentType(name, patterns)).toBe(type);
  });
});

describe('whoever reads from S3', () => {
  it('says in every request that it pays, where the job says so, and in none where not', async () => {
    const settings = { requesterPays: true };
    await bench.put('pays/a', 'x');
    const pays = bench.at('pays/', settings);
    const [object] = await listAll(bench.store(), pays);
    await readAll(bench.store(), pays, object!);
    await published('paid', settings);
    const says = () => new Set(bench.faults.seen.map(({ headers }) => headers['x-amz-request-payer']));
    expect([...says()]).toEqual(['requester']);
    bench.faults.calm();
    await listAll(bench.store(), bench.at('pays/'));
    expect([...says()]).toEqual([undefined]);
  });

  it('takes the role of the job on, once for many requests, by the word its owner knows', async () => {
    process.env.AWS_ENDPOINT_URL = bench.faults.url;
    const store = bench.store({}, { policy: { endpoints: [], roles: [role.arn] } });
    const location = bench.at('pays/', { role });
    for (let times = 0; times < 3; times += 1) await listAll(store, location);
    const taken = bench.faults.seen.filter(isRoleRequest);
    expect(taken).toHaveLength(1);
    const asked = new URLSearchParams(taken[0]!.body.toString());
    expect(Object.fromEntries(asked)).toMatchObject({
      RoleArn: role.arn,
      ExternalId: 'agreed',
      RoleSessionName: expect.stringMatching(/^longshore-\d+$/) as unknown as string,
    });
    expect(keyIdOf(taken[0]!)).toBe('test');
    const listed = bench.faults.seen.filter((seen) => !isRoleRequest(seen));
    expect(new Set(listed.map(keyIdOf)).has('test')).toBe(false);
    expect(listed.every(({ headers }) => headers['x-amz-security-token'] !== undefined)).toBe(true);
  });

  it('F16: takes a role on anew that has expired in the middle', async () => {
    process.env.AWS_ENDPOINT_URL = bench.faults.url;
    const store = bench.store({}, { policy: { endpoints: [], roles: [role.arn] } });
    const location = bench.at('pays/', { role });
    await listAll(store, location);
    const [old = ''] = bench.faults.seen.filter((seen) => !isRoleRequest(seen)).map(keyIdOf);
    bench.faults.decide = (asked) =>
      keyIdOf(asked) === old ? { status: 400, body: '<Error><Code>ExpiredToken</Code></Error>' } : undefined;
    expect(await listAll(store, location)).toHaveLength(1);
    expect(bench.faults.seen.filter(isRoleRequest)).toHaveLength(2);
  });

  it('F16: says of a role that may not be taken on that access is denied', async () => {
    process.env.AWS_ENDPOINT_URL = bench.faults.url;
    bench.faults.decide = (asked) =>
      isRoleRequest(asked)
        ? {
            status: 403,
            body: '<ErrorResponse><Error><Code>AccessDenied</Code><Message>No.</Message></Error></ErrorResponse>',
          }
        : undefined;
    const store = bench.store({}, { policy: { endpoints: [], roles: [role.arn] } });
    await expect(listAll(store, bench.at('pays/', { role }))).rejects.toMatchObject({
      code: 'access-denied',
      failureClass: 'config',
    });
  });

  it('goes to no endpoint and takes no role on that its operator has not allowed', async () => {
    const endpoint = 'http://169.254.169.254';
    for (const settings of [{ role }, { endpoint }]) {
      const listing = listAll(bench.store(), bench.at('pays/', settings));
      await expect(listing).rejects.toMatchObject({ code: 'storage-refused', failureClass: 'config' });
    }
    expect(bench.faults.seen).toEqual([]);
  });

  it('goes to the endpoint and the region of the job, and to others for the next', async () => {
    const endpoint = bench.moto.url;
    const store = bench.store({ endpoint: undefined }, { policy: { endpoints: [endpoint], roles: [] } });
    process.env.AWS_ENDPOINT_URL = bench.faults.url;
    expect(await listAll(store, bench.at('pays/', { endpoint }))).toHaveLength(1);
    expect(bench.faults.seen).toEqual([]);
    expect(await listAll(store, bench.at('pays/', { region: 'eu-west-3' }))).toHaveLength(1);
    expect(bench.faults.seen.map(({ headers }) => headers.authorization)).toEqual([
      expect.stringContaining('/eu-west-3/s3/') as unknown as string,
    ]);
  });
});
