/** Findings as people and programs read them. */
import { printable } from '../terminal/job-text.js';
import type { Finding, FindingState } from './finding.js';

const widest = Math.max(...['orchestrator', 'join token', 'open files'].map(({ length }) => length));

/** One line each: state, what was looked at, what was found, what to do. */
export function reportLines(findings: readonly Finding[]): string[] {
  return findings.map(({ state, check, message, remedy }) =>
    printable([state.padEnd(9), check.padEnd(widest), message, ...(remedy === undefined ? [] : [remedy])].join('  ')),
  );
}

export function reportSummary(findings: readonly Finding[]): string {
  const [failed, warnings] = [count(findings, 'failed'), count(findings, 'warning')];
  if (failed + warnings === 0) return 'All is well.';
  return `${failed} failed, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.`;
}

export function isHealthy(findings: readonly Finding[]): boolean {
  return count(findings, 'failed') === 0;
}

function count(findings: readonly Finding[], wanted: FindingState): number {
  return findings.filter(({ state }) => state === wanted).length;
}
