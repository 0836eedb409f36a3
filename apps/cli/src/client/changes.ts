/** What happens to a job in handfuls, so that whoever shows it neither asks all the time nor falls behind. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from './api.js';
import { jobEvents, type Told } from './job-events.js';

export interface Handful {
  told: Told[];
  /** While it is not, nobody knows what is missing: ask. */
  connected: boolean;
}

export interface Rhythm {
  /** Two handfuls are so far apart at least. */
  leastMs: number;
  /** One comes so often although nothing happens. */
  idleMs: number;
  /** The same without a connection. */
  pollMs: number;
}

const mostTold = 2_000;

/**
 * The first handful comes as soon as it is known whether there is a connection, so that what is asked for then misses nothing.
 *
 * @throws LongshoreError when there is no such job, or nobody may look at it; the signal's reason
 */
export async function* changes(api: Api, jobId: string, rhythm: Rhythm, given: AbortSignal): AsyncGenerator<Handful> {
  const left = new AbortController();
  const signal = AbortSignal.any([given, left.signal]);
  let told: Told[] = [];
  let connected = false;
  let wake: () => void = () => undefined;
  const read = async (): Promise<void> => {
    for await (const one of jobEvents(api, jobId, signal)) {
      if (one.kind !== 'event') connected = one.kind === 'connected';
      if (told.length >= mostTold) told = [{ kind: 'event', id: undefined, event: tooMuch }];
      told.push(one);
      wake();
    }
  };
  const reading = read();
  reading.catch(() => undefined);
  try {
    for (let since = -Infinity; ; since = performance.now()) {
      const something = new Promise<void>((resolve) => (wake = resolve));
      const quietMs = connected || since === -Infinity ? rhythm.idleMs : rhythm.pollMs;
      if (told.length === 0) await Promise.race([something, reading, sleep(quietMs, undefined, { signal })]);
      await sleep(Math.max(0, since + rhythm.leastMs - performance.now()), undefined, { signal });
      const handful = { told, connected };
      told = [];
      yield handful;
    }
  } finally {
    left.abort();
  }
}

const tooMuch = { event: 'resync', data: { reason: 'too-long-ago' } } as const;
