/** Speaks HTTP with the orchestrator that served this page. */
import { problemOf, UnreachableError } from './problem.js';
import { session } from './session.js';

export const root = '/api/v1';

/** The name of one intention. `crypto.randomUUID` is missing on pages that came without TLS from another machine. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Ask {
  method?: 'GET' | 'POST' | 'DELETE';
  body?: unknown;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

/** @throws ProblemError what the orchestrator says against it @throws UnreachableError */
export async function ask(path: string, { method = 'GET', body, signal, headers = {} }: Ask = {}): Promise<Response> {
  const { token } = session;
  const response = await fetch(root + path, {
    method,
    headers: {
      accept: 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
    credentials: 'omit',
  }).catch((thrown: unknown) => {
    throw signal?.aborted ? thrown : new UnreachableError();
  });
  if (response.ok) return response;
  if (response.status === 401) session.refuse();
  throw await problemOf(response);
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await (await ask(path, signal && { signal })).json()) as T;
}

/** Changes something, once, however often it has to be sent. @param key the same for the same intention */
export async function postJson<T>(path: string, body: unknown = {}, key = newKey()): Promise<T> {
  return (await (await ask(path, { method: 'POST', body, headers: { 'idempotency-key': key } })).json()) as T;
}
