/** Times as people say them; the exact one on demand. */
import { duration, moment, relative } from '../words/quantities.js';
import { useNow } from '../live/now.js';

export function Ago({ at }: { at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={moment(at)} className="nowrap">
      {relative(Date.parse(at), now)}
    </time>
  );
}

/** How long it went on, or goes on. */
export function Lasting({ from, to }: { from: string; to?: string | undefined }) {
  const now = useNow();
  const seconds = ((to === undefined ? now : Date.parse(to)) - Date.parse(from)) / 1000;
  return <span className="nowrap">{duration(to === undefined ? Math.round(seconds) : seconds)}</span>;
}

/** Counts down from what was said at a time, by this machine's own clock. */
export function Left({ seconds, saidAt }: { seconds: number; saidAt: number }) {
  const now = useNow();
  return <span className="nowrap">{duration(Math.round(Math.max(0, seconds - (now - saidAt) / 1000)))}</span>;
}

/** Counts up in the same way. */
export function Since({ seconds, saidAt }: { seconds: number; saidAt: number }) {
  const now = useNow();
  return <span className="nowrap">{duration(Math.round(Math.max(0, seconds + (now - saidAt) / 1000)))}</span>;
}
