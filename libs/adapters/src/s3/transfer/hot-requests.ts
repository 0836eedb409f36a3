/** The few commands that are sent for every object, or for every page of them, as the requests they are. */
import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { escapeXml } from '../xml-text.js';

export type HotCommand =
  | CompleteMultipartUploadCommand
  | CreateMultipartUploadCommand
  | GetObjectCommand
  | ListObjectsV2Command
  | UploadPartCommand;

export interface HotRequest {
  method: 'GET' | 'POST' | 'PUT';
  query: Record<string, string>;
  headers: Record<string, string>;
  body?: Uint8Array;
}

type Input = Record<string, unknown>;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html and those of the other four */
const headerNames: Record<string, string> = {
  ACL: 'x-amz-acl',
  BucketKeyEnabled: 'x-amz-server-side-encryption-bucket-key-enabled',
  ChecksumMode: 'x-amz-checksum-mode',
  ContentType: 'content-type',
  IfMatch: 'if-match',
  OptionalObjectAttributes: 'x-amz-optional-object-attributes',
  Range: 'range',
  RequestPayer: 'x-amz-request-payer',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  StorageClass: 'x-amz-storage-class',
  Tagging: 'x-amz-tagging',
};

const queryNames: Record<string, string> = {
  ContinuationToken: 'continuation-token',
  EncodingType: 'encoding-type',
  PartNumber: 'partNumber',
  Prefix: 'prefix',
  StartAfter: 'start-after',
  UploadId: 'uploadId',
};

/** Told in the path, the host, the body, or one by one. */
const elsewhere = new Set(['Body', 'Bucket', 'Key', 'Metadata', 'MultipartUpload']);

const sentAs = new Map<unknown, { method: HotRequest['method']; marks?: Record<string, string> }>([
  [CompleteMultipartUploadCommand, { method: 'POST' }],
  [CreateMultipartUploadCommand, { method: 'POST', marks: { uploads: '' } }],
  [GetObjectCommand, { method: 'GET' }],
  [ListObjectsV2Command, { method: 'GET', marks: { 'list-type': '2' } }],
  [UploadPartCommand, { method: 'PUT' }],
]);

const emptySha256 = sha256Of('');

/**
 * @param bodySha256 of the body of a part, in hexadecimal; the store refuses one that was damaged on the way
 * @throws Error for an attribute that would be lost
 */
export function hotRequest(command: HotCommand, bodySha256?: string): HotRequest {
  const input = command.input as unknown as Input;
  const { method, marks } = sentAs.get(command.constructor)!;
  const query: Record<string, string> = { ...marks };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(input) as [string, string | number | boolean | undefined][]) {
    if (value === undefined || elsewhere.has(name)) continue;
    const [header, queried] = [headerNames[name], queryNames[name]];
    if (header !== undefined) headers[header] = String(value);
    else if (queried !== undefined) query[queried] = String(value);
    else throw new Error(`Nobody has said how S3 is told ${name}.`);
  }
  for (const [name, value] of Object.entries((input.Metadata ?? {}) as Record<string, string>)) {
    headers[`x-amz-meta-${name.toLowerCase()}`] = value;
  }
  const body = bodyOf(input);
  if (body !== undefined || method !== 'GET') headers['content-length'] = String(body?.length ?? 0);
  headers['x-amz-content-sha256'] = bodySha256 ?? (body ? sha256Of(body) : emptySha256);
  return { method, query, headers, ...(body && { body }) };
}

function bodyOf({ Body, MultipartUpload }: Input): Uint8Array | undefined {
  if (MultipartUpload === undefined) return Body as Uint8Array | undefined;
  const { Parts } = MultipartUpload as { Parts: { ETag: string; PartNumber: number }[] };
  // ETags come back through workers, which may be wrong.
  const parts = Parts.map(
    ({ ETag, PartNumber }) => `<Part><PartNumber>${PartNumber}</PartNumber><ETag>${escapeXml(ETag)}</ETag></Part>`,
  );
  const space = 'http://s3.amazonaws.com/doc/2006-03-01/';
  return Buffer.from(`<CompleteMultipartUpload xmlns="${space}">${parts.join('')}</CompleteMultipartUpload>`);
}

function sha256Of(body: Uint8Array | string): string {
  return createHash('sha256').update(body).digest('hex');
}
