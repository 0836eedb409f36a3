import {
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
const settings = () => ({ endpoint: moto.url, region: 'us-east-1', credentials });

beforeAll(async () => {
  moto = await MotoServer.start();
  client = new S3Client({ ...settings(), forcePathStyle: true });
});
afterAll(async () => {
  client.destroy();
  await moto.stop();
});

async function newBucket(): Promise<string> {
  buckets += 1;
  await moto.createBucket(`bucket-${buckets}`);
  return `bucket-${buckets}`;
}

objectStoreContract('S3', async () => {
  const Bucket = await newBucket();
  const location = { bucket: Bucket, prefix: 'some prefix+1/' };
  const at = (name: string) => ({ Bucket, Key: location.prefix + name });
  return {
    store: new S3ObjectStore(settings()),
    other: new S3ObjectStore(settings()),
    location,
    missing: { bucket: 'no-such-bucket', prefix: '' },
    put: async (name, Body) => {
      await client.send(new PutObjectCommand({ ...at(name), Body }));
    },
    remove: async (name) => {
      await client.send(new DeleteObjectCommand(at(name)));
    },
    readPublished: async (name) => {
      const found = await client.send(new GetObjectCommand(at(name))).catch(() => undefined);
      return found?.Body && Buffer.from(await found.Body.transformToByteArray());
    },
    listPublished: async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
      return Contents.map(({ Key = '' }) => Key.slice(location.prefix.length));
    },
    leftovers: async () => {
      const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket }));
      return Uploads.map(({ Key = '' }) => Key);
    },
    // moto answers 404 to a path with a line break; S3 itself takes it.
    unfit: ['line\nbreak.txt'],
    close: async () => undefined,
  };
});

describe('S3 as moto plays it', () => {
  it('does not list a neighbour whose name begins like the prefix', async () => {
    const Bucket = await newBucket();
    for (const Key of ['run1/a', 'run10/b']) await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    const pages = await Array.fromAsync(new S3ObjectStore(settings()).list({ bucket: Bucket, prefix: 'run1/' }));
    expect(pages.flat().map(({ key }) => key)).toEqual(['run1/a']);
  });

  it('says that a bucket for outputs does not exist', async () => {
    const location = { bucket: 'no-such-bucket', prefix: '' };
    const staging = new S3ObjectStore(settings()).stage({ location, name: 'result', path: import.meta.filename });
    await expect(staging).rejects.toMatchObject({ code: 'location-not-found' });
  });

  it('reads a missing bucket as no missing input', async () => {
    const object = { key: 'a', sizeBytes: 1, etag: '"e"' };
    const reading = Array.fromAsync(
      new S3ObjectStore(settings()).read({ bucket: 'no-such-bucket', prefix: '' }, object),
    );
    await expect(reading).rejects.toMatchObject({ code: 'location-not-found' });
  });
});
