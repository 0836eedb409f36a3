/** A bucket on moto behind a server that answers what a test wants, and a store that goes there. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Location, ObjectRef, StorageSettings } from '@longshore/core';
import { FaultServer, MotoServer } from '../../testing/index.js';
import type { S3Connections } from '../s3-clients.js';
import { S3ObjectStore } from '../s3-object-store.js';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const region = 'us-east-1';

export class S3Bench implements AsyncDisposable {
  readonly bucket = 'bucket';

  private constructor(
    readonly moto: MotoServer,
    readonly faults: FaultServer,
    /** Speaks with moto itself, past all faults. */
    readonly client: S3Client,
    private readonly folder: string,
  ) {}

  static async open(): Promise<S3Bench> {
    const moto = await MotoServer.start();
    const faults = await FaultServer.before(moto.url);
    const client = new S3Client({ endpoint: moto.url, region, credentials, forcePathStyle: true });
    const folder = await mkdtemp(join(tmpdir(), 'longshore-s3-'));
    const bench = new S3Bench(moto, faults, client, folder);
    await client.send(new CreateBucketCommand({ Bucket: bench.bucket }));
    return bench;
  }

  /** What is undefined is left to the environment. */
  store(config: object = {}, more: Omit<S3Connections, 'config'> = {}): S3ObjectStore {
    const given = { endpoint: this.faults.url, credentials, ...config };
    const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    return new S3ObjectStore({ config: named, ...more });
  }

  at(prefix: string, storage?: StorageSettings): Location {
    return { bucket: this.bucket, prefix, ...(storage && { storage }) };
  }

  async put(key: string, body: string, more: object = {}): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ...more }));
  }

  async text(key: string): Promise<string> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  }

  async file(content: string): Promise<string> {
    const path = join(this.folder, 'output');
    await writeFile(path, content);
    return path;
  }

  /** Path of a file in this bench's own folder, which goes with it. */
  path(name: string): string {
    return join(this.folder, name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.destroy();
    await this.faults[Symbol.asyncDispose]();
    await this.moto[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function listAll(store: S3ObjectStore, location: Location): Promise<ObjectRef[]> {
  const found: ObjectRef[] = [];
  for await (const page of store.list(location)) found.push(...page);
  return found;
}

export async function readAll(store: S3ObjectStore, location: Location, object: ObjectRef): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(location, object)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
