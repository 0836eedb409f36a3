// `npm run demo`: counts the nuclei of 24 real microscopy images on this machine, and compares the counts with the truth.
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { exitCodeOf, inProject, installAndBuild, projectFolder } from './setup/project.mjs';

const output = path.join(projectFolder, 'demo-output');

async function demo() {
  await installAndBuild();
  await inProject('node', ['scripts/setup/prepare-machine.mjs', 'docker', 'images']);
  await rm(output, { recursive: true, force: true });
  const code = await exitCodeOf('longshore', [
    'run',
    ...['--plugin', 'rgo-segmentation', '--input', 'examples/nuclei/images', '--output', output],
    ...['--batch-size', '4', '--workers', '2'],
  ]);
  if (code !== 0) return code;
  const counted = await table(path.join(output, 'counts.csv'), 'count');
  const truth = await table(path.join(projectFolder, 'examples/nuclei/truth.csv'), 'nuclei');
  report(counted, truth);
  return 0;
}

async function table(file, column) {
  const [header, ...lines] = (await readFile(file, 'utf8')).trim().split(/\r?\n/);
  const at = header.split(',').indexOf(column);
  return new Map(lines.map((line) => line.split(',')).map((fields) => [fields[0], Number(fields[at])]));
}

function report(counted, truth) {
  const names = [...truth.keys()].sort();
  console.log('\nimage              counted   true');
  for (const name of names) {
    console.log(`${name}  ${String(counted.get(name) ?? '-').padStart(6)} ${String(truth.get(name)).padStart(6)}`);
  }
  const pairs = names.map((name) => [counted.get(name) ?? 0, truth.get(name)]);
  const total = (side) => pairs.reduce((sum, pair) => sum + pair[side], 0);
  console.log(`\ncounted ${total(0)} nuclei, true are ${total(1)}; correlation ${correlation(pairs).toFixed(3)}`);
  console.log(`label images and counts.csv lie in ${path.relative(process.cwd(), output) || '.'}`);
}

/** Pearson's r. */
function correlation(pairs) {
  const mean = (side) => pairs.reduce((sum, pair) => sum + pair[side], 0) / pairs.length;
  const [x, y] = [mean(0), mean(1)];
  const sum = (term) => pairs.reduce((total, pair) => total + term(pair[0] - x, pair[1] - y), 0);
  return sum((a, b) => a * b) / Math.sqrt(sum((a) => a * a) * sum((_, b) => b * b));
}

demo().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
