/** How this page hears of changes: told of them, asking for them, or cut off. */
import { useSyncExternalStore } from 'react';

export type LinkState = 'live' | 'polling' | 'away';

let state: LinkState = 'polling';
const listeners = new Set<() => void>();

export function setLink(next: LinkState): void {
  if (next === state) return;
  state = next;
  for (const listener of listeners) listener();
}

export function useLinkState(): LinkState {
  return useSyncExternalStore(subscribe, () => state);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
