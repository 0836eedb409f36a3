/** What came of an action, said for a while at the foot of the page: where it was pressed may be gone by then. */
import { useSyncExternalStore } from 'react';

const shownMs = 8_000;

let said: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

export function say(sentence: string | undefined): void {
  clearTimeout(timer);
  said = sentence;
  if (sentence !== undefined) timer = setTimeout(() => say(undefined), shownMs);
  for (const listener of listeners) listener();
}

export function useSaid(): string | undefined {
  return useSyncExternalStore(subscribe, () => said);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
