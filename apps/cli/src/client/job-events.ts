/** The events of a job, through lost connections and restarts of the orchestrator. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LongshoreError } from '@longshore/core';
import type { StreamEvent } from '@longshore/core/protocol';
import { part, type Api } from './api.js';

export type Told =
  | { kind: 'event'; id: string | undefined; event: StreamEvent }
  /** From here on everything is told. */
  | { kind: 'connected' }
  /** Nothing is told until there is a connection again, which then goes on behind the last event. */
  | { kind: 'lost'; why: string };

const againAfterMs = 1_000;

/** Nobody can say more about the job to whoever asks. Anything else may pass: a restart, a proxy, too many readers. */
const final = ['job-not-found', 'not-authenticated', 'token-revoked', 'not-allowed'];

/** Goes on until it is left, or the signal is aborted. @throws LongshoreError when there is no such job, or nobody may look at it */
export async function* jobEvents(api: Api, jobId: string, signal: AbortSignal): AsyncGenerator<Told> {
  let lastId: string | undefined;
  for (;;) {
    let why = 'the orchestrator ended it';
    try {
      const connection = await api.events(`/api/v1/jobs/${part(jobId)}/events`, lastId, signal);
      yield { kind: 'connected' };
      try {
        for await (const { id, name, data } of connection.events) {
          yield { kind: 'event', id, event: { event: name, data: JSON.parse(data) as unknown } as StreamEvent };
        }
      } finally {
        lastId = connection.lastId;
      }
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof LongshoreError) || final.includes(thrown.code)) throw thrown;
      why = thrown.message;
    }
    yield { kind: 'lost', why };
    await sleep(againAfterMs, undefined, { signal });
  }
}
