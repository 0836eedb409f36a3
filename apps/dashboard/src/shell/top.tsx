/** The bar at the top: where one can go, whether the page is live, light or dark, and the way out. */
import { Link, useLocation } from 'wouter';
import { session } from '../api/session.js';
import { useLinkState, type LinkState } from '../live/link.js';
import { chooseTheme, chosenTheme, useTheme, type Theme } from './theme.js';

const ways: [name: string, href: string, also: string[]][] = [
  ['Jobs', '/', ['/jobs', '/tasks']],
  ['Dead letters', '/dead-letters', []],
  ['Workers', '/workers', []],
  ['Notifications', '/notifications', []],
  ['Analytics', '/analytics', []],
];

export function Top() {
  const [at] = useLocation();
  return (
    <header className="top">
      <div>
        <Link href="/" className="brand">
          <Mark />
          Longshore
        </Link>
        <nav className="ways" aria-label="Main">
          {ways.map(([name, href, also]) => (
            <Link key={href} href={href} aria-current={isAt(at, [href, ...also]) ? 'page' : undefined}>
              {name}
            </Link>
          ))}
        </nav>
        <div className="right">
          <LinkMark />
          <ThemeButton />
          {session.token !== undefined && (
            <button type="button" className="button quiet tight" onClick={() => session.signOut()}>
              Sign out
            </button>
          )}
          <Link href="/submit" className="button main tight">
            Submit a job
          </Link>
        </div>
      </div>
    </header>
  );
}

function isAt(at: string, places: string[]): boolean {
  return places.some((place) => at === place || (place !== '/' && at.startsWith(`${place}/`)));
}

const says: Record<LinkState, [string, string]> = {
  live: ['Live', 'The orchestrator tells this page of every change.'],
  polling: ['Polling', 'The event stream is not there: this page asks every few seconds.'],
  away: ['Away', 'The orchestrator does not answer; what is shown is old.'],
};

function LinkMark() {
  const link = useLinkState();
  const [word, sentence] = says[link];
  return (
    <span className={`link-state ${link}`} title={sentence} role="status">
      {word}
    </span>
  );
}

const themes: Theme[] = ['system', 'light', 'dark'];

function ThemeButton() {
  useTheme();
  const theme = chosenTheme();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  const name = { system: 'Auto', light: 'Light', dark: 'Dark' }[theme];
  return (
    <button
      type="button"
      className="button quiet tight"
      aria-label={`Colours: ${name}. Change to ${next}`}
      onClick={() => chooseTheme(next)}
    >
      {name}
    </button>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" fill="none" aria-hidden>
      <rect width="32" height="32" rx="7" fill="#0b5f8a" />
      <path d="M8 24V8h14l3 4h-6" stroke="#fff" strokeWidth="2.5" strokeLinejoin="round" />
      <path d="M19 8v7" stroke="#fff" strokeWidth="2" />
      <rect x="14.5" y="15.5" width="9" height="8" rx="1" fill="#fff" />
    </svg>
  );
}
