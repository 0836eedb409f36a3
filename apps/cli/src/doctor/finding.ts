/** What doctor says of one thing it has looked at. */
import { catalogue, type FindingId } from './catalogue.js';

export type FindingState = 'ok' | 'warning' | 'failed' | 'not asked';

export interface Finding {
  id: FindingId;
  /** What was looked at, such as `docker` or `input`. */
  check: string;
  state: FindingState;
  /** A sentence. */
  message: string;
  /** What to do, as a sentence; nothing where all is well. */
  remedy?: string;
}

/** @param values stand in the remedy where it names them in braces */
export function finding(
  id: FindingId,
  check: string,
  message: string,
  values: Readonly<Record<string, string>> = {},
): Finding {
  const { state, remedy } = catalogue[id] as { state: FindingState; remedy?: string };
  const filled = remedy?.replace(/\{(\w+)\}/g, (braces, name: string) => values[name] ?? braces);
  return { id, check, state, message, ...(filled !== undefined && { remedy: filled }) };
}

export function notAsked(check: string, why: string): Finding {
  return finding('not-asked', check, why);
}
