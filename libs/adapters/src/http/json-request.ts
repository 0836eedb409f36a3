/** One request to an orchestrator; what it throws on its side is thrown on this side. */
import { LongshoreError, messageOf } from '@longshore/core';
import { errorOfProblem } from '@longshore/core/protocol';
import { bearer } from './bearer.js';

export interface JsonRequest {
  /** Address of the orchestrator, without a slash at the end. */
  url: string;
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** What is shown to be let in. */
  token?: string | undefined;
  /** A request that is not answered in this time counts as lost. */
  withinMs: number;
  signal?: AbortSignal | undefined;
  /** What to do when nobody answers, as a sentence. */
  remedy: string;
}

/**
 * @returns the body of a successful answer
 * @throws LongshoreError `orchestrator-unreachable` when no answer of an orchestrator came, else the code it answered; the signal's reason
 * when it is aborted
 */
export async function requestJson<T>(request: JsonRequest): Promise<T> {
  const { url, method, path, body, headers = {}, token, withinMs, signal } = request;
  const limit = AbortSignal.timeout(withinMs);
  try {
    const response = await fetch(url + path, {
      method,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      // A token is for the orchestrator that was named, and for nobody it points to.
      redirect: 'error',
      headers: {
        ...headers,
        ...bearer(token),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer as T;
    throw errorOfProblem(answer) ?? new Error(`it answered with status ${response.status}`);
  } catch (thrown) {
    if (thrown instanceof LongshoreError) throw thrown;
    signal?.throwIfAborted();
    // fetch hides what happened in the cause of its error.
    const cause = (thrown as Error).cause ?? thrown;
    throw new LongshoreError('orchestrator-unreachable', `No orchestrator answers at ${url}: ${messageOf(cause)}.`, {
      remedy: request.remedy,
      cause: thrown,
    });
  }
}
