/** Requests to an orchestrator, as whoever types the command. */
import type { Writable } from 'node:stream';
import { openEvents, requestJson, requestStream, type EventConnection } from '@longshore/adapters/http';
import { userToken } from './user-token.js';

const answerWithinMs = 30_000;
const startOne = 'Start one with "longshore orchestrator", or name another with --url.';

export interface ApiRequest {
  body?: unknown;
  headers?: Record<string, string>;
  withinMs?: number;
}

export class Api {
  constructor(
    readonly url: string,
    private readonly token = userToken(),
  ) {}

  get<T>(path: string, request: ApiRequest = {}): Promise<T> {
    return this.send('GET', path, request);
  }

  post<T>(path: string, request: ApiRequest = {}): Promise<T> {
    return this.send('POST', path, request);
  }

  delete<T>(path: string): Promise<T> {
    return this.send('DELETE', path, {});
  }

  /** Writes a long answer as it comes. */
  write(path: string, target: Writable): Promise<void> {
    return requestStream({ url: this.url, path, token: this.token, remedy: startOne }, target);
  }

  /** What happens from now on, or from behind the last event that is known. */
  events(path: string, lastEventId: string | undefined, signal: AbortSignal): Promise<EventConnection> {
    return openEvents({ url: this.url, path, token: this.token, remedy: startOne, lastEventId, signal });
  }

  private send<T>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    { body, headers = {}, withinMs = answerWithinMs }: ApiRequest,
  ): Promise<T> {
    const { url, token } = this;
    return requestJson<T>({ url, method, path, body, headers, token, withinMs, remedy: startOne });
  }
}

/** A part of a path, or of a query. */
export function part(text: string): string {
  return encodeURIComponent(text);
}

/** Every item of a list, a page at a time. @param path with its query, but for `after` */
export async function* everyItem<T>(api: Api, path: string): AsyncIterable<T> {
  for (let after = ''; ;) {
    const page = await api.get<{ items: T[]; next?: string }>(path + after);
    yield* page.items;
    if (page.next === undefined) return;
    after = `&after=${part(page.next)}`;
  }
}
