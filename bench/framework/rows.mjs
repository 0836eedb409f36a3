/** The rows that the bench prints and writes: one for each subject, and for ours one for each peer beside it. */
import { median, ratio, rounded } from './numbers.mjs';

export function newRow({ suite, subject, metric, unit, runs, versus = null, ratio: times = null }) {
  if (runs.length === 0 || !runs.every(Number.isFinite)) {
    throw new Error(`${suite}: "${subject}" measured ${metric} as ${JSON.stringify(runs)}, which is no row of numbers`);
  }
  const values = { median: rounded(median(runs)), runs: runs.map(rounded), versus, ratio: rounded(times) };
  return { suite, subject, metric, unit, ...values };
}

/** `runs` maps each subject to its values in the order of the rounds. Ours come first, once for each peer; `ours` is a name or several. */
export function comparedRows({ suite, metric, unit, better, ours, runs }) {
  const row = (subject, more) => newRow({ suite, subject, metric, unit, runs: runs[subject], ...more });
  const own = namesOf(ours);
  const peers = Object.keys(runs).filter((subject) => !own.includes(subject));
  const compared = (subject) =>
    peers.map((peer) => row(subject, { versus: peer, ratio: ratio(better, runs[subject], runs[peer]) }));
  return [
    ...own.flatMap((subject) => (peers.length > 0 ? compared(subject) : [row(subject)])),
    ...peers.map((peer) => row(peer)),
  ];
}

export function namesOf(ours) {
  return ours === undefined ? [] : [ours].flat();
}

/** A subject that could not be had is told of, with the reason, and never just absent. */
export function missingRow(suite, subject, why) {
  const none = { median: null, runs: [], versus: null, ratio: null };
  return { suite, subject, metric: 'left out', unit: '', ...none, why };
}

export function isMissing(row) {
  return row.median === null;
}
