/** Writes a long answer of an orchestrator as it comes. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LongshoreError, messageOf } from '@longshore/core';
import { errorOfProblem } from '@longshore/core/protocol';
import { bearer } from './bearer.js';

export interface StreamRequest {
  /** Address of the orchestrator, without a slash at the end. */
  url: string;
  path: string;
  headers?: Record<string, string>;
  /** What is shown to be let in. */
  token?: string | undefined;
  /** What to do when nobody answers, as a sentence. */
  remedy: string;
}

/** @throws LongshoreError `orchestrator-unreachable` when the answer does not come or breaks off, else the code it answered */
export async function requestStream(
  { url, path, headers = {}, token, remedy }: StreamRequest,
  target: Writable,
): Promise<void> {
  try {
    const response = await fetch(url + path, { headers: { ...headers, ...bearer(token) }, redirect: 'error' });
    if (!response.ok) throw errorOfProblem(await response.json()) ?? new Error(`it answered ${response.status}`);
    if (response.body) await pipeline(Readable.from(response.body, { objectMode: false }), target, { end: false });
  } catch (thrown) {
    if (thrown instanceof LongshoreError) throw thrown;
    throw new LongshoreError('orchestrator-unreachable', `No answer from ${url}: ${messageOf(thrown)}.`, {
      remedy,
      cause: thrown,
    });
  }
}
