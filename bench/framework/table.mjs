/** The rows as a table: for a terminal, and for a page of the documentation. */
import Table from 'cli-table3';
import { isMissing } from './rows.mjs';

const columns = ['suite', 'subject', 'metric', 'median', 'least to most', 'versus', 'times better'];
const none = Object.fromEntries(
  ['top', 'bottom', 'left', 'right']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .map((name) => [name, '']),
);

export function terminalTable(rows) {
  const table = new Table({
    head: columns,
    colAligns: ['left', 'left', 'left', 'right', 'right', 'left', 'right'],
    chars: { ...none, mid: '', 'mid-mid': '', 'left-mid': '', 'right-mid': '', middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows.filter((row) => !isMissing(row))) table.push(cells(row));
  const lines = rows.filter(isMissing).map(leftOut);
  return [...(table.length > 0 ? [table.toString()] : []), ...lines].join('\n');
}

export function markdownTable(rows) {
  const head = columns.slice(1);
  const lines = rows.filter((row) => !isMissing(row)).map((row) => cells(row).slice(1));
  const table = [
    head,
    head.map((name) => (['median', 'least to most', 'times better'].includes(name) ? '---:' : '---')),
    ...lines,
  ];
  const missing = rows.filter(isMissing).map((row) => `- ${leftOut(row)}`);
  return [
    ...(lines.length > 0 ? [table.map((line) => `| ${line.map(escaped).join(' | ')} |`).join('\n')] : []),
    ...(missing.length > 0 ? [missing.join('\n')] : []),
  ].join('\n\n');
}

export function leftOut({ subject, why }) {
  return `left out: ${subject}, because ${why.split('\n')[0]}`;
}

function cells({ suite, subject, metric, unit, median, runs, versus, ratio }) {
  const range = runs.length > 1 ? `${number(Math.min(...runs))} - ${number(Math.max(...runs))}` : '';
  return [
    suite,
    subject,
    metric,
    `${number(median)} ${unit}`,
    range,
    versus ?? '',
    ratio === null ? '' : number(ratio),
  ];
}

function number(value) {
  if (value === null) return '';
  const digits = Math.abs(value) >= 1_000 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 };
  return value.toLocaleString('en-GB', digits);
}

function escaped(text) {
  return text.replaceAll('|', '\\|');
}
