/** Checks in words, for people at a terminal. */
import { printable } from '../terminal/job-text.js';
import type { Check } from './check.js';

export function checkText({ check, state, says, remedy, findings = [] }: Check): string {
  const lines = [
    `${state.padEnd(8)} ${check.padEnd(11)} ${printable(says)}`,
    ...findings.map((finding) => `${' '.repeat(21)}- ${printable(finding)}`),
    ...(remedy === undefined ? [] : [`${' '.repeat(21)}${printable(remedy)}`]),
  ];
  return `${lines.join('\n')}\n`;
}
