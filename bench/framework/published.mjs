/** The figures in docs/performance.md: those of the last run of each suite, kept beside the page, and shown in it between two marks. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { markdownTable } from './table.mjs';

const folder = path.join(import.meta.dirname, '../../docs');
const [begin, end] = ['<!-- bench -->', '<!-- /bench -->'];

/** `results` are `{name, summary, rows, versions}`. Suites that were not run now keep what they showed. */
export async function publish(results, { machine, date, docs = folder }) {
  const kept = path.join(docs, 'performance.json');
  const page = path.join(docs, 'performance.md');
  const known = JSON.parse(await readFile(kept, 'utf8').catch(() => '{}'));
  for (const { name, ...result } of results) known[name] = { date, machine, ...result };
  const sorted = Object.fromEntries(
    Object.keys(known)
      .sort()
      .map((name) => [name, known[name]]),
  );
  await write(kept, JSON.stringify(sorted), 'json');
  await write(page, withFigures(await readFile(page, 'utf8'), sorted), 'markdown');
}

export function withFigures(page, suites) {
  const [head, rest] = page.split(begin);
  const tail = rest?.split(end)[1];
  if (tail === undefined) throw new Error(`docs/performance.md has lost its marks ${begin} and ${end}`);
  const sections = Object.entries(suites).map(([name, suite]) => section(name, suite));
  return `${head}${begin}\n\n${sections.join('\n\n')}\n\n${end}${tail}`;
}

function section(name, { date, machine, versions = {}, summary, rows }) {
  const others = Object.entries(versions).map(([peer, version]) => `${peer} ${version}`);
  const place = [...Object.values(machine), ...others].join('; ');
  const first = `${summary[0].toUpperCase()}${summary.slice(1)}.`;
  return [`### ${name}`, first, markdownTable(rows), `${date}; ${place}.`].join('\n\n');
}

async function write(file, text, parser) {
  await writeFile(file, await format(text, { ...(await resolveConfig(file)), parser }));
}
