/** What a staged output carries so that any process can complete or abort its upload. */
import { LongshoreError } from '@longshore/core';

export interface OpenUpload {
  key: string;
  uploadId: string;
  /** Written into the metadata of the object, so that a completed upload is known as this one. */
  stamp: string;
  /** ETags of the parts, in order. */
  parts: string[];
}

export function writeToken(upload: OpenUpload): string {
  return JSON.stringify(upload);
}

/**
 * A token comes back through a worker, which may be wrong; it must not reach another key than its own output's.
 *
 * @throws LongshoreError `invalid-request`
 */
export function readToken(token: string, key: string): OpenUpload {
  const upload = parse(token);
  if (isOpenUpload(upload) && upload.key === key) return upload;
  throw new LongshoreError('invalid-request', `The token of the staged output "${key}" is not its own.`);
}

function parse(token: string): unknown {
  try {
    return JSON.parse(token);
  } catch {
    return undefined;
  }
}

function isOpenUpload(value: unknown): value is OpenUpload {
  if (typeof value !== 'object' || value === null) return false;
  const { key, uploadId, stamp, parts } = value as Partial<Record<keyof OpenUpload, unknown>>;
  const texts = [key, uploadId, stamp, ...(Array.isArray(parts) ? (parts as unknown[]) : [undefined])];
  return texts.every((text) => typeof text === 'string' && text !== '');
}
