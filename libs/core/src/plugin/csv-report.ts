/** One CSV table for the whole job, a row for each object that left a record. */
import type { FinishedJob, ReportFile } from './job-plugin.js';

/**
 * Rows are ordered by key, so that two runs of the same job give the same bytes. Holds every row while it sorts: about
 * 100 MB for a million objects.
 *
 * @param columns names of fields of the record, each a column after `file`
 */
export async function csvReport(
  name: string,
  columns: readonly string[],
  job: Pick<FinishedJob<object>, 'records'>,
): Promise<ReportFile> {
  const rows: { key: string; line: string }[] = [];
  for await (const { relativeKey, record } of job.records()) {
    const values = [relativeKey, ...columns.map((column) => record[column])];
    rows.push({ key: relativeKey, line: values.map(csvField).join(',') });
  }
  rows.sort((one, other) => (one.key < other.key ? -1 : 1));
  return { name, content: csvLines(['file', ...columns], rows) };
}

function* csvLines(header: string[], rows: { line: string }[]): Iterable<string> {
  yield `${header.map(csvField).join(',')}\n`;
  for (const { line } of rows) yield `${line}\n`;
}

/**
 * Quotes as RFC 4180 asks; what is neither text, number nor boolean is written as JSON. Text that a spreadsheet would take for a formula gets an
 * apostrophe before it, as https://owasp.org/www-community/attacks/CSV_Injection asks.
 */
export function csvField(value: unknown): string {
  const text =
    typeof value === 'string' ? harmless(value) : value === undefined || value === null ? '' : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Microscopes write names that begin with dashes; only a call or a command behind a sign makes them formulas. */
function harmless(text: string): string {
  return /^[=@\t\r]|^[+-].*[(|!]/s.test(text) ? `'${text}` : text;
}
