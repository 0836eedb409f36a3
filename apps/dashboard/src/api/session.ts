/** The token of whoever sits here: kept for this tab alone, and forgotten with it. */
const place = 'longshore.token';

type Listener = () => void;
const listeners = new Set<Listener>();
/** Set when the orchestrator said that it needs a token, or another one. */
let refused = false;

export const session = {
  get token(): string | undefined {
    return sessionStorage.getItem(place) ?? undefined;
  },

  /** True where nothing can be shown before somebody signs in. */
  get isRefused(): boolean {
    return refused;
  },

  signIn(token: string): void {
    sessionStorage.setItem(place, token);
    refused = false;
    tell();
  },

  signOut(): void {
    sessionStorage.removeItem(place);
    refused = true;
    tell();
  },

  refuse(): void {
    if (refused) return;
    refused = true;
    tell();
  },

  subscribe: (listener: Listener): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function tell(): void {
  for (const listener of listeners) listener();
}
