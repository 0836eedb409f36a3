/** The suites: each file of bench/suites is one. */
import { readdir } from 'node:fs/promises';

const folder = new URL('../suites/', import.meta.url);

/** The wanted suites in their own order; all of them when none is named. */
export async function loadSuites(wanted) {
  const known = await suiteNames();
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UnknownSuite(unknown, known);
  const names = known.filter((name) => wanted.length === 0 || wanted.includes(name));
  return Promise.all(names.map(loadSuite));
}

async function suiteNames() {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => file.slice(0, -'.mjs'.length))
    .sort();
}

async function loadSuite(name) {
  const { suite } = await import(new URL(`${name}.mjs`, folder));
  if (suite?.name !== name || typeof suite.run !== 'function' || typeof suite.summary !== 'string') {
    throw new Error(`bench/suites/${name}.mjs exports no suite of the name "${name}" with a summary and a run`);
  }
  return { peers: [], ...suite };
}

export class UnknownSuite extends Error {
  constructor(unknown, known) {
    super(`There is no suite called ${unknown.join(', ')}. The suites are ${known.join(', ')}.`);
  }
}
