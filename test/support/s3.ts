/** A real S3 API on this machine, for one test. */
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { MotoServer } from '@longshore/adapters/testing';
import { isOwnPlace } from '@longshore/core';
import type { Environment } from './process.js';
import { giveBack, takeServer } from './spare-servers.js';

export class S3 implements AsyncDisposable {
  private readonly client: S3Client;

  private constructor(private readonly server: MotoServer) {
    this.client = new S3Client({
      endpoint: server.url,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
  }

  static async start(): Promise<S3> {
    return new S3(await takeServer());
  }

  /** The S3 of a server that somebody else started, and ends. */
  static at(server: MotoServer): Omit<S3, typeof Symbol.asyncDispose> {
    return new S3(server);
  }

  get url(): string {
    return this.server.url;
  }

  /** What Longshore needs to find it: nothing but the AWS SDK's own variables. */
  get environment(): Environment {
    return this.environmentAt(this.url);
  }

  /** The same, for a way to it that leads over something else. */
  environmentAt(url: string): Environment {
    return {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    };
  }

  async createBucket(name: string): Promise<void> {
    await this.client.send(new CreateBucketCommand({ Bucket: name }));
  }

  async put(bucket: string, key: string, body: Uint8Array): Promise<void> {
    await this.client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  async delete(bucket: string, key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }

  /** Every object below a prefix, by its key below the prefix; records of what was done are no results. */
  async objectsBelow(bucket: string, prefix: string): Promise<Map<string, Buffer>> {
    const objects = new Map<string, Buffer>();
    for await (const page of paginateListObjectsV2({ client: this.client }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key = '' } of page.Contents ?? []) {
        if (isOwnPlace(Key.slice(prefix.length))) continue;
        const { Body } = await this.client.send(new GetObjectCommand({ Bucket: bucket, Key }));
        objects.set(Key.slice(prefix.length), Buffer.from((await Body?.transformToByteArray()) ?? []));
      }
    }
    return objects;
  }

  /** Uploads that were begun and neither finished nor aborted. */
  async openUploads(bucket: string): Promise<number> {
    const { Uploads = [] } = await this.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return Uploads.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.destroy();
    await giveBack(this.server);
  }
}
