/** Follows the event stream for as long as the page is open: makes old what changed, and comes back when it is cut off. */
import type { JobAnswer, JobEvent, JobSummary, PageAnswer, StreamEvent } from '@longshore/core/protocol';
import type { QueryClient } from '@tanstack/react-query';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { paths } from '../api/paths.js';
import { UnreachableError } from '../api/problem.js';
import { ask } from '../api/request.js';
import { setLink } from './link.js';
import { touches } from './touched.js';

/** Busy jobs change many times a second; what is shown is asked for no more often than this. */
const gatherMs = 1_500;
/** The orchestrator says that it is alive every 15 seconds. */
const silenceMs = 40_000;
const longestPauseMs = 15_000;

export async function follow(client: QueryClient, stopping: AbortSignal): Promise<void> {
  let lastId: string | undefined;
  let pauseMs = 500;
  const gathered = new Gatherer(client);
  while (!stopping.aborted) {
    await seen(stopping);
    try {
      for await (const { event, id } of events(lastId, stopping)) {
        if (event === undefined) {
          setLink('live');
          pauseMs = 500;
          if (lastId === undefined) gathered.add({ event: 'resync', data: { reason: 'unknown-event' } });
          continue;
        }
        lastId = id ?? lastId;
        if (event.event === 'job') patchJob(client, event.data);
        gathered.add(event);
      }
      setLink('polling');
    } catch (thrown) {
      if (stopping.aborted) break;
      setLink(thrown instanceof UnreachableError ? 'away' : 'polling');
    }
    await pause(pauseMs, stopping);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
}

/** A browser has few connections to one server: pages that nobody looks at keep none, and catch up when they are seen again. */
function seen(stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (!document.hidden || stopping.aborted) return resolve();
    const look = () => {
      if (!stopping.aborted && document.hidden) return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    stopping.addEventListener('abort', look, { once: true });
  });
}

/** @yields nothing but the fact once the stream stands, then each event */
async function* events(
  lastId: string | undefined,
  stopping: AbortSignal,
): AsyncGenerator<{ event?: StreamEvent; id?: string }> {
  const silent = new AbortController();
  const signal = AbortSignal.any([stopping, silent.signal]);
  document.addEventListener('visibilitychange', () => document.hidden && silent.abort(), { signal });
  const headers = { accept: 'text/event-stream', ...(lastId !== undefined && { 'last-event-id': lastId }) };
  const response = await ask('/events', { signal, headers });
  if (!response.body) return;
  // The browser's own reader of events can show no token.
  const complete: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => complete.push(message) });
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  yield {};
  for (;;) {
    const timer = setTimeout(() => silent.abort(), silenceMs);
    const { done, value } = await reader.read().finally(() => clearTimeout(timer));
    if (done) return;
    parser.feed(decoder.decode(value, { stream: true }));
    for (const { event, data, id } of complete.splice(0)) {
      yield {
        event: { event, data: JSON.parse(data) as unknown } as StreamEvent,
        ...(id !== undefined && { id }),
      };
    }
  }
}

/** Collects what changed and makes it old in one go. */
class Gatherer {
  private readonly waiting: StreamEvent[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly client: QueryClient) {}

  add(event: StreamEvent): void {
    this.waiting.push(event);
    this.timer ??= setTimeout(() => this.tell(), gatherMs);
  }

  private tell(): void {
    this.timer = undefined;
    const events = this.waiting.splice(0);
    void this.client.invalidateQueries({
      predicate: ({ queryKey: [path] }) => typeof path === 'string' && events.some((event) => touches(event, path)),
    });
  }
}

/** The counts of a job come with its event; nobody has to ask for them. */
function patchJob(client: QueryClient, { job_id: id, ...changes }: JobEvent): void {
  client.setQueryData<JobAnswer>([paths.job(id)], (job) => job && { ...job, ...changes });
  const lists = {
    predicate: ({ queryKey: [path] }: { queryKey: readonly unknown[] }) => String(path).startsWith('/jobs?'),
  };
  client.setQueriesData<PageAnswer<JobSummary>>(
    lists,
    (page) => page && { ...page, items: page.items.map((job) => (job.id === id ? { ...job, ...changes } : job)) },
  );
}

function pause(ms: number, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    stopping.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
