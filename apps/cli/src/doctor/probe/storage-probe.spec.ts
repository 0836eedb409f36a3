import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { FolderObjectStore } from '@longshore/adapters/folder';
import { S3ObjectStore } from '@longshore/adapters/s3';
import { FaultServer, MotoServer, s3Fault, serveOnLoopback, type Asked } from '@longshore/adapters/testing';
import { parseLocation } from '@longshore/core';
import { examine } from '../examine.js';
import { judgeStorage } from '../judge/storage.js';
import { lookAtInput, lookAtOutput } from './storage-probe.js';

const region = 'us-east-1';
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const signal = AbortSignal.timeout(50_000);

describe('looking at storage on S3', () => {
  let moto: MotoServer;
  let guard: FaultServer;
  let client: S3Client;

  beforeAll(async () => {
    moto = await MotoServer.start();
    guard = await FaultServer.before(moto.url);
    client = new S3Client({ endpoint: moto.url, region, credentials, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
    await client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'in/a', Body: 'content' }));
  });
  beforeEach(() => guard.calm());
  afterAll(async () => {
    client.destroy();
    await guard[Symbol.asyncDispose]();
    await moto[Symbol.asyncDispose]();
  });

  const store = (endpoint = guard.url, more: object = {}) =>
    new S3ObjectStore({ config: { endpoint, region, credentials, ...more }, patienceMs: 500, mostTries: 1 });
  const input = async (place: string, objects = store()) =>
    judgeStorage((await lookAtInput(objects, parseLocation(place), signal)).facts);
  const output = async (place: string, objects = store()) =>
    judgeStorage(await lookAtOutput(objects, parseLocation(place), signal));
  /** Refuses as a policy without the action would. */
  const deny = (isMeant: (asked: Asked) => boolean) =>
    (guard.decide = (asked) => (isMeant(asked) ? s3Fault(403, 'AccessDenied', 'Access Denied') : undefined));
  const left = async () => {
    const [uploads, objects] = [
      await client.send(new ListMultipartUploadsCommand({ Bucket: 'bucket' })),
      await client.send(new ListObjectsV2Command({ Bucket: 'bucket' })),
    ];
    return [...(uploads.Uploads ?? []), ...(objects.Contents ?? [])].map(({ Key }) => Key);
  };

  it('finds all well, and leaves nothing', async () => {
    expect(await input('s3://bucket/in/')).toMatchObject({ id: 'storage-ok' });
    expect(await output('s3://bucket/out/')).toMatchObject({ id: 'storage-ok' });
    expect(guard.seen.some(({ method, path }) => method === 'PUT' && path.includes('/out/'))).toBe(true);
    expect(await left()).toEqual(['in/a']);
  });

  it('finds a prefix without objects, and a bucket that is not there', async () => {
    expect(await input('s3://bucket/elsewhere/')).toMatchObject({ id: 'storage-empty' });
    expect(await input('s3://no-such-bucket/in/')).toMatchObject({ id: 'storage-missing' });
    expect(await output('s3://no-such-bucket/out/')).toMatchObject({ id: 'storage-missing' });
  });

  it.each<[string, (asked: Asked) => boolean, 'input' | 'output', string]>([
    ['list', ({ path }) => path.includes('list-type'), 'input', 's3:ListBucket'],
    ['read', ({ method, path }) => method === 'GET' && path.includes('/in/a'), 'input', 's3:GetObject'],
    ['write', ({ method }) => method === 'POST', 'output', 's3:PutObject'],
  ])('names the action of whoever may not %s', async (_, isMeant, side, action) => {
    deny(isMeant);
    const found = side === 'input' ? await input('s3://bucket/in/') : await output('s3://bucket/out/');
    expect(found).toMatchObject({ id: 'storage-denied', check: side, remedy: expect.stringContaining(action) });
    expect(await left()).toEqual(['in/a']);
  });

  it('says that a probe is left where it may be stored and not removed', async () => {
    deny(({ method }) => method === 'DELETE');
    expect(await output('s3://bucket/out/')).toMatchObject({ id: 'storage-left' });
    expect(await left()).toHaveLength(2);
  });

  it('tells credentials that are missing, have expired or are unknown', async () => {
    const none = () => Promise.reject(Object.assign(new Error('none found'), { name: 'CredentialsProviderError' }));
    expect(await input('s3://bucket/in/', store(guard.url, { credentials: none }))).toMatchObject({
      id: 'storage-no-credentials',
    });
    guard.decide = () => s3Fault(400, 'ExpiredToken');
    expect(await input('s3://bucket/in/')).toMatchObject({ id: 'storage-expired' });
    guard.decide = () => s3Fault(403, 'InvalidAccessKeyId');
    expect(await input('s3://bucket/in/')).toMatchObject({ id: 'storage-wrong-credentials' });
  });

  it('tells a region that is wrong where the store does not say which is right', async () => {
    guard.decide = () => s3Fault(301, 'PermanentRedirect');
    expect(await input('s3://bucket/in/')).toMatchObject({ id: 'storage-region' });
  });

  it('finds an endpoint where nobody is', async () => {
    const gone = await FaultServer.before(moto.url);
    const { url } = gone;
    await gone[Symbol.asyncDispose]();
    expect(await input('s3://bucket/in/', store(url))).toMatchObject({ id: 'storage-unreachable' });
  });

  it('gives up on an endpoint that takes connections and never answers', async () => {
    await using silent = await serveOnLoopback(() => undefined);
    const objects = new S3ObjectStore({ config: { endpoint: silent.url, region, credentials } });
    const look = async (limit: AbortSignal) => [
      judgeStorage((await lookAtInput(objects, parseLocation('s3://bucket/in/'), limit)).facts),
    ];
    expect(await examine([{ name: 'input', look }], 200)).toMatchObject([{ id: 'no-answer', check: 'input' }]);
  });
});

describe('looking at storage in folders', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-look-'));
    await writeFile(join(folder, 'a'), 'content');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const store = new FolderObjectStore();
  const output = async (path: string) => judgeStorage(await lookAtOutput(store, parseLocation(path), signal));

  it('finds all well, makes no folder, and leaves nothing', async () => {
    const { facts, sizes } = await lookAtInput(store, parseLocation(folder), signal);
    expect([judgeStorage(facts).id, sizes]).toEqual(['storage-ok', [7]]);
    expect(await output(folder)).toMatchObject({ id: 'storage-ok', message: expect.stringContaining('written to') });
    expect(await output(join(folder, 'not', 'there'))).toMatchObject({
      id: 'storage-ok',
      message: expect.stringContaining('can be made'),
    });
    expect(await readdir(folder)).toEqual(['a']);
  });

  it('finds an input that is not there, and an output that nobody may make', async () => {
    const { facts } = await lookAtInput(store, parseLocation(join(folder, 'none')), signal);
    expect(judgeStorage(facts).id).toBe('storage-missing');
    // Nobody makes folders there, not even root.
    expect(await output('/proc/longshore/out')).toMatchObject({ id: 'storage-denied-folder' });
  });
});
