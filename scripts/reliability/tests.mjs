// Finds the tests that show a fault: those whose title begins with its id.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { projectFolder } from '../setup/project.mjs';

const folders = ['libs', 'apps', 'test'];
const title = /(['"`])((?:[A-IS]\d{1,2} )*[A-IS]\d{1,2}): ((?:(?!\1)[^\\\n]|\\.)*)\1\s*,\s*(?:async\b|\()/g;

/** Resolves with a map from ids to `{ file, title }`, in the order of files. */
export async function testsById() {
  const found = new Map();
  for (const file of await testFiles()) {
    const text = await readFile(path.join(projectFolder, file), 'utf8');
    for (const [, , ids, words] of text.matchAll(title)) {
      for (const id of ids.split(' ')) found.set(id, [...(found.get(id) ?? []), { file, title: words }]);
    }
  }
  return found;
}

async function testFiles() {
  const lists = await Promise.all(
    folders.map((folder) => readdir(path.join(projectFolder, folder), { recursive: true })),
  );
  return lists
    .flatMap((names, index) => names.map((name) => path.join(folders[index], name)))
    .filter((name) => /(\.spec|\.story)\.ts$|\/testing\/.*\.ts$/.test(name) && !/node_modules|\/dist\//.test(name))
    .sort();
}
