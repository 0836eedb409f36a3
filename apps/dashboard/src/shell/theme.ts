/** Dark or light: as the system says, unless somebody chose. */
import { useSyncExternalStore } from 'react';

export type Theme = 'system' | 'light' | 'dark';

const place = 'longshore.theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(place);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function applyTheme(): void {
  const theme = chosenTheme();
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(place);
  else localStorage.setItem(place, theme);
  applyTheme();
  for (const listener of listeners) listener();
}

/** What is shown now; changes with the choice and with the system. */
export function useTheme(): string {
  return useSyncExternalStore(subscribe, () => `${chosenTheme()} ${dark.matches}`);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  dark.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    dark.removeEventListener('change', listener);
  };
}
