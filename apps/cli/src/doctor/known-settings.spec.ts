import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { knownSettings } from './known-settings.js';

const root = join(import.meta.dirname, '../../../..');
const places = ['apps', 'libs', 'docker', 'scripts', 'test', 'docs'];

/** Names in quotes, as `settings.text('LONGSHORE_X')` has them, after a dollar, as shells do, or in backquotes, as pages do. */
function named(): Set<string> {
  const found = new Set<string>();
  const pattern = /(?:['"`]|\$\{?|env\.)(LONGSHORE_[A-Z_]*[A-Z])\b/g;
  for (const path of files()) {
    for (const [, variable = ''] of readFileSync(join(root, path), 'utf8').matchAll(pattern)) found.add(variable);
  }
  return found;
}

function files(): string[] {
  const below = places.flatMap((place) =>
    readdirSync(join(root, place), { recursive: true, encoding: 'utf8' }).map((name) => join(place, name)),
  );
  const isOurs = (path: string) => /\.(ts|mjs|yaml|md|sh)$/.test(path) && !/\/(node_modules|dist)\//.test(path);
  return [
    ...below.filter((path) => isOurs(path) && !path.includes('cli/src/doctor/')),
    'jest.config.mjs',
    'compose.yaml',
  ];
}

describe('the settings that doctor knows', () => {
  it('are those that are read or written about, no more and no less', () => {
    expect([...named()].sort()).toEqual([...knownSettings].sort());
  });
});
