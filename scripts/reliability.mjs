// Writes the table of docs/reliability.md: fault, promise, and the tests that show it. With --check it only compares, and fails where a fault
// has no test.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { groups } from './reliability/faults.mjs';
import { testsById } from './reliability/tests.mjs';
import { projectFolder } from './setup/project.mjs';

const page = path.join(projectFolder, 'docs', 'reliability.md');
const [begin, end] = ['<!-- faults -->', '<!-- /faults -->'];

async function main(checkOnly) {
  const tests = await testsById();
  const missing = rows().filter(([id, , , later]) => !later && !tests.has(id));
  if (missing.length > 0) throw new Error(`No test begins its title with: ${missing.map(([id]) => id).join(', ')}`);
  const known = new Set(rows().map(([id]) => id));
  const strange = [...tests.keys()].filter((id) => !known.has(id));
  if (strange.length > 0) throw new Error(`scripts/reliability/faults.mjs does not know: ${strange.join(', ')}`);

  const before = await readFile(page, 'utf8');
  const [head, rest] = before.split(begin);
  const tail = rest?.split(end)[1];
  if (tail === undefined) throw new Error(`${page} has lost its marks ${begin} and ${end}`);
  const options = await resolveConfig(page);
  const after = await format(`${head}${begin}\n\n${tables(tests)}\n\n${end}${tail}`, {
    ...options,
    parser: 'markdown',
  });
  if (after === before) return;
  if (checkOnly) throw new Error('docs/reliability.md is not what the tests say; run: npm run docs:reliability');
  await writeFile(page, after);
}

function rows() {
  return groups.flatMap(({ rows }) => rows);
}

function tables(tests) {
  return groups.map((group) => `### ${group.title}\n\n${table(group.rows, tests)}`).join('\n\n');
}

function table(rows, tests) {
  const lines = rows.map(
    ([id, fault, promise, later]) => `| ${id} | ${fault} | ${promise} | ${shown(tests.get(id), later)} |`,
  );
  return ['| | what happens | what is promised | shown by |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

/** Files only, each once: titles are found there by the id. */
function shown(found, later) {
  if (!found) return `not yet: comes with ${later}`;
  const files = [...new Set(found.map(({ file }) => file))];
  return files.map((file) => `[${path.basename(file)}](../${file})`).join(', ');
}

main(process.argv.includes('--check')).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
