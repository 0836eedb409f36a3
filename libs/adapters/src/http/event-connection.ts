/** One connection to a stream of server-sent events. */
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { LongshoreError, messageOf } from '@longshore/core';
import { errorOfProblem } from '@longshore/core/protocol';
import { bearer } from './bearer.js';
import type { StreamRequest } from './stream-request.js';

export interface EventRequest extends StreamRequest {
  /** The last event that is known; what came after it is told first. */
  lastEventId?: string | undefined;
  signal: AbortSignal;
  /** A connection on which nothing comes for so long, no sign of life either, counts as lost. */
  silentMs?: number;
}

export interface SentEvent {
  /** Of the stream: a new connection goes on behind it. */
  id: string | undefined;
  name: string;
  data: string;
}

export interface EventConnection {
  /** Ends when the orchestrator ends it. @throws LongshoreError `orchestrator-unreachable` when it breaks; the signal's reason when it is aborted */
  events: AsyncIterable<SentEvent>;
  /** The id of the last event, or of the place where the stream began. */
  readonly lastId: string | undefined;
}

const signOfLifeMs = 45_000;
/** No event is nearly as long; somebody else answers then. */
const longestEvent = 1_048_576;

/** @throws LongshoreError `orchestrator-unreachable` when no stream of events answers, else the code that was answered */
export async function openEvents(request: EventRequest): Promise<EventConnection> {
  const { url, path, headers = {}, token, lastEventId, signal, silentMs = signOfLifeMs } = request;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`nothing came for ${silentMs / 1000} s`)), silentMs);
  let lastId = lastEventId;
  try {
    const response = await fetch(url + path, {
      headers: {
        ...headers,
        ...bearer(token),
        accept: 'text/event-stream',
        ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      },
      redirect: 'error',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok) throw errorOfProblem(await response.json()) ?? new Error(`it answered ${response.status}`);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (!isStream || !response.body) throw new Error('it answered with something else than events');
    const messages = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(
      new EventSourceParserStream({
        onComment: () => timer.refresh(),
        onId: (id) => (lastId = id),
        maxBufferSize: longestEvent,
      }),
    );
    const read = async function* (): AsyncGenerator<SentEvent> {
      try {
        for await (const { id, event = 'message', data } of messages) {
          timer.refresh();
          yield { id, name: event, data };
        }
      } catch (thrown) {
        throw lost(thrown, request);
      } finally {
        clearTimeout(timer);
      }
    };
    return {
      events: read(),
      get lastId() {
        return lastId;
      },
    };
  } catch (thrown) {
    clearTimeout(timer);
    throw lost(thrown, request);
  }
}

function lost(thrown: unknown, { url, signal, remedy }: EventRequest): unknown {
  if (signal.aborted) return signal.reason;
  if (thrown instanceof LongshoreError) return thrown;
  const cause = (thrown as Error).cause ?? thrown;
  return new LongshoreError('orchestrator-unreachable', `No events from ${url}: ${messageOf(cause)}.`, {
    remedy,
    cause: thrown,
  });
}
