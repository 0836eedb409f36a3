// Takes what only tests and checks need out of a package.json, so that an image is not built with half a gigabyte of it. The lock file stays in force.
import { readFileSync, writeFileSync } from 'node:fs';

const [file] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(file, 'utf8'));
const compiles = /^(@types\/|@typescript\/)/;
manifest.devDependencies = Object.fromEntries(
  Object.entries(manifest.devDependencies).filter(([name]) => compiles.test(name)),
);
delete manifest.optionalDependencies;
writeFileSync(file, JSON.stringify(manifest));
