/** The few commands that are sent for every object, as the requests they are. */
import { createHash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { escapeXml } from '../xml-text.js';

export type HotCommand =
  CompleteMultipartUploadCommand | CreateMultipartUploadCommand | GetObjectCommand | UploadPartCommand;

export interface HotRequest {
  method: 'GET' | 'POST' | 'PUT';
  query: Record<string, string>;
  headers: Record<string, string>;
  body?: Uint8Array;
}

type Input = Record<string, unknown>;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html and those of the other three */
const headerNames: Record<string, string> = {
  ACL: 'x-amz-acl',
  BucketKeyEnabled: 'x-amz-server-side-encryption-bucket-key-enabled',
  ChecksumMode: 'x-amz-checksum-mode',
  ContentType: 'content-type',
  IfMatch: 'if-match',
  Range: 'range',
  RequestPayer: 'x-amz-request-payer',
  SSEKMSKeyId: 'x-amz-server-side-encryption-aws-kms-key-id',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  StorageClass: 'x-amz-storage-class',
  Tagging: 'x-amz-tagging',
};

const queryNames: Record<string, string> = { PartNumber: 'partNumber', UploadId: 'uploadId' };

/** Told in the path, the host, the body, or one by one. */
const elsewhere = new Set(['Body', 'Bucket', 'Key', 'Metadata', 'MultipartUpload']);

const sentAs = new Map<unknown, { method: HotRequest['method']; mark?: string }>([
  [CompleteMultipartUploadCommand, { method: 'POST' }],
  [CreateMultipartUploadCommand, { method: 'POST', mark: 'uploads' }],
  [GetObjectCommand, { method: 'GET' }],
  [UploadPartCommand, { method: 'PUT' }],
]);

const emptySha256 = sha256Of('');

/**
 * @param bodySha256 of the body of a part, in hexadecimal; the store refuses one that was damaged on the way
 * @throws Error for an attribute that would be lost
 */
export function hotRequest(command: HotCommand, bodySha256?: string): HotRequest {
  const input = command.input as unknown as Input;
  const { method, mark } = sentAs.get(command.constructor)!;
  const query: Record<string, string> = mark === undefined ? {} : { [mark]: '' };
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
