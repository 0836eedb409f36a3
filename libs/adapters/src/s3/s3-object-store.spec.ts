import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { objectStoreContract } from '@longshore/core/testing';
import { MotoServer } from '../testing/index.js';
import { S3ObjectStore } from './s3-object-store.js';

let moto: MotoServer;
let client: S3Client;
let buckets = 0;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const config = () => ({ endpoint: moto.url, region: 'us-east-1', credentials });
const newStore = () => new S3ObjectStore({ config: config() });

beforeAll(async () => {
  moto = await MotoServer.start();
  client = new S3Client({ ...config(), forcePathStyle: true });
});
afterAll(async () => {
  client.destroy();
  await moto[Symbol.asyncDispose]();
});

async function newBucket(): Promise<string> {
  buckets += 1;
  const name = `bucket-${buckets}`;
  await client.send(new CreateBucketCommand({ Bucket: name }));
  return name;
}

objectStoreContract('S3', async () => {
  const Bucket = await newBucket();
  const location = { bucket: Bucket, prefix: 'some prefix+1/' };
  return {
    store: newStore(),
    other: newStore(),
    location,
    missing: { bucket: 'no-such-bucket', prefix: '' },
    put: async (key, Body) => {
      await client.send(new PutObjectCommand({ Bucket, Key: location.prefix + key, Body }));
    },
    remove: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket, Key: location.prefix + key }));
    },
    visible: async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket, Prefix: location.prefix }));
      const found = new Map<string, string>();
      for (const { Key = '' } of Contents) {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
        found.set(Key.slice(location.prefix.length), (await Body?.transformToString()) ?? '');
      }
      return found;
    },
    stagedCount: async () => {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
      return Uploads.length;
    },
    close: async () => undefined,
  };
});

describe('S3 as it is', () => {
  it('F10: does not list a neighbour whose name begins like the prefix', async () => {
    const Bucket = await newBucket();
    for (const Key of ['run1/a', 'run10/b']) await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const keys: string[] = [];
    for await (const page of newStore().list({ bucket: Bucket, prefix: 'run1/' })) {
      keys.push(...page.map(({ key }) => key));
    }
    expect(keys).toEqual(['run1/a']);
  });

  it("refuses a token that belongs to another output's key", async () => {
    const bucket = await newBucket();
    const location = { bucket, prefix: 'out/' };
    const store = newStore();
    const staged = await store.stage({ location, name: 'mine', path: import.meta.filename });
    const forged = { ...staged, name: 'yours' };
    await expect(store.publish(location, forged)).rejects.toMatchObject({ code: 'staging-lost' });
    await store.abandon(location, staged);
  });

  it('says that nobody answers as trouble that may pass', async () => {
    const store = new S3ObjectStore({ config: { ...config(), endpoint: 'http://127.0.0.1:1' } });
    const list = async () => {
      for await (const page of store.list({ bucket: 'any', prefix: '' })) expect(page).toEqual([]);
    };
    await expect(list()).rejects.toMatchObject({ code: 'storage-failed', failureClass: 'infra' });
  });
});
