/** One thing that was looked at, and what was found. */
export interface Check {
  /** A word that stays the same, such as `layout`. */
  check: string;
  /** `warning`: it works, and somebody may be surprised. */
  state: 'ok' | 'warning' | 'failed';
  /** What was seen. */
  says: string;
  /** What to do about it. */
  remedy?: string;
  /** What is wrong in particular, a line each. */
  findings?: string[];
}

const shown = 10;

export function ok(check: string, says: string): Check {
  return { check, state: 'ok', says };
}

/** @param remedy empty, where `says` tells it already */
export function failed(check: string, says: string, remedy: string, findings: readonly string[] = []): Check {
  const more = findings.length > shown ? [`and ${findings.length - shown} more`] : [];
  const listed = [...findings.slice(0, shown), ...more];
  return {
    check,
    state: 'failed',
    says,
    ...(remedy !== '' && { remedy }),
    ...(listed.length > 0 && { findings: listed }),
  };
}

export function warning(check: string, says: string, remedy: string, findings: readonly string[] = []): Check {
  return { ...failed(check, says, remedy, findings), state: 'warning' };
}
