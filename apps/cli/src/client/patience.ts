/** An orchestrator that is being restarted, or a line that is broken for a while, is no reason to leave. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LongshoreError } from '@longshore/core';

const againAfterMs = 500;
export const patienceMs = 300_000;

/** @throws what `ask` throws, once it is no lost connection, or nobody has answered for five minutes */
export async function persistently<T>(ask: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  for (const until = performance.now() + patienceMs; ;) {
    try {
      return await ask();
    } catch (thrown) {
      if (!mayPass(thrown) || performance.now() > until) throw thrown;
      await sleep(againAfterMs, undefined, signal ? { signal } : {});
    }
  }
}

export function mayPass(thrown: unknown): boolean {
  return thrown instanceof LongshoreError && thrown.code === 'orchestrator-unreachable';
}
