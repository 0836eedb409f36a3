/** Judges the clock of this machine against those it works with. */
import { finding, notAsked, type Finding } from '../finding.js';

export interface Comparison {
  /** Whose clock the other one is. */
  whose: string;
  /** What the other clock showed; to the second. */
  theirs: number;
  /** When the question left and when the answer came, by our clock. */
  asked: number;
  answered: number;
}

/** Enough to make times in logs and tokens confusing. */
const muchMs = 30_000;

export function judgeClocks(comparisons: readonly Comparison[]): Finding[] {
  if (comparisons.length === 0) return [notAsked('clock', 'nobody to compare it with')];
  return comparisons.map((comparison) => {
    const skew = skewMs(comparison);
    const seconds = Math.round(Math.abs(skew) / 1000);
    const apart = `${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} that of ${comparison.whose}`;
    if (Math.abs(skew) < muchMs) {
      const said = seconds === 0 ? `is that of ${comparison.whose}, to the second` : `is ${apart}`;
      return finding('clock-ok', 'clock', `The clock of this machine ${said}.`);
    }
    return finding('clock-off', 'clock', `The clock of this machine is ${apart}.`);
  });
}

/** @returns how far ours is ahead, at the least: their clock is cut to the second, and read at some moment between question and answer */
function skewMs({ theirs, asked, answered }: Comparison): number {
  if (asked > theirs + 999) return asked - theirs - 999;
  return answered < theirs ? answered - theirs : 0;
}
