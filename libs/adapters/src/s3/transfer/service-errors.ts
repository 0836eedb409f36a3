/** Refusals of S3 and trouble on the way to it, as the SDK would throw them. */
import { unescapeXml } from '../xml-text.js';
import type { Answer } from './exchange.js';

const namesOfStatus: Record<number, string> = {
  301: 'PermanentRedirect',
  307: 'TemporaryRedirect',
  404: 'NotFound',
  412: 'PreconditionFailed',
};

export class ServiceError extends Error {
  declare readonly cause?: Error;
  readonly $metadata: {
    httpStatusCode: number;
    requestId?: string;
    extendedRequestId?: string;
    clockSkewCorrected?: true;
    attempts?: number;
  };
  readonly $response: { statusCode: number; headers: Record<string, string> };
  readonly $fault: 'client' | 'server';
  readonly Region: string | undefined;
  /** What the server takes the time to be. */
  readonly ServerTime: string | undefined;

  constructor({ status, headers, body }: Answer) {
    const told = body.toString();
    const name = tagged(told, 'Code') ?? namesOfStatus[status] ?? 'UnknownError';
    super(tagged(told, 'Message') ?? name);
    this.name = name;
    const requestId = tagged(told, 'RequestId') ?? one(headers['x-amz-request-id']);
    const extendedRequestId = tagged(told, 'HostId') ?? one(headers['x-amz-id-2']);
    this.$metadata = {
      httpStatusCode: status,
      ...(requestId !== undefined && { requestId }),
      ...(extendedRequestId !== undefined && { extendedRequestId }),
    };
    const flat = Object.entries(headers).map(([key, value]) => [key, one(value) ?? '']);
    this.$response = { statusCode: status, headers: Object.fromEntries(flat) as Record<string, string> };
    this.$fault = status < 500 ? 'client' : 'server';
    this.Region = tagged(told, 'Region');
    this.ServerTime = tagged(told, 'ServerTime');
  }
}

/** An answer that began well may end in an error. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html */
export function isHiddenError({ body }: Answer): boolean {
  return /<\/Error>\s*$/.test(body.subarray(-64).toString());
}

const silences = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const breaks = /^(UND_ERR_(SOCKET|INFO|RES_CONTENT_LENGTH_MISMATCH)|HPE_)/;

/** Says of undici's errors what Node.js says of its own, so that they count as passing. */
export function wireError(thrown: unknown): Error {
  const { code = '', message } = thrown as NodeJS.ErrnoException;
  if (silences.has(code)) return Object.assign(new Error(message, { cause: thrown }), { name: 'TimeoutError', code });
  if (breaks.test(code)) return Object.assign(new Error(message, { cause: thrown }), { code: 'ECONNRESET' });
  return thrown as Error;
}

/** @returns the text of the first element of this name */
export function tagged(xml: string, name: string): string | undefined {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  return text === undefined ? undefined : unescapeXml(text);
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Whether a store answers so where it wants to be asked less. */
export function asksForPatience(status: number | undefined): boolean {
  return status === 429 || status === 503;
}
