import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { callsOf, otherRights, requestsOf, storageRights } from './rights.js';

const root = join(import.meta.dirname, '..', '..', '..', '..');

/** Everything that is written in a folder, tests left out. */
function sourcesOf(folder: string): string {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && !name.includes('testing/'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))
    .join('\n');
}

function found(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();
}

const commands = /new (\w+)Command\(/g;

describe('the rights that policies are made of', () => {
  it('are about the very requests that are sent to S3', () => {
    const sent = found(sourcesOf('libs/adapters/src/s3'), commands);
    expect(sent).toEqual(Object.keys(storageRights).sort());
    expect([...new Set(Object.values(requestsOf).flat())].sort()).toEqual(sent);
  });

  it('are about every other request that is sent to AWS', () => {
    const adapters = readdirSync(join(root, 'libs/adapters/src')).filter((name) => !['s3', 'iam'].includes(name));
    const sent = adapters.flatMap((name) => found(sourcesOf(`libs/adapters/src/${name}`), commands));
    for (const command of sent) expect(Object.keys(otherRights)).toContain(command);
  });

  it('cover what each process asks of the object store', () => {
    const asked = /\b(?:objects|store)\.(list|read|fetch|stage|publish|canPublish|abandon|sweep)\(/g;
    const core = found(sourcesOf('libs/core/src/invariants'), asked);
    for (const process of ['orchestrator', 'worker'] as const) {
      const called = found(sourcesOf(`apps/${process}/src`), asked);
      const granted = Object.values(callsOf[process]).flat();
      expect(granted).toEqual(expect.arrayContaining(called));
      if (process === 'orchestrator') expect(granted).toEqual(expect.arrayContaining(core));
      else expect([...granted].sort()).toEqual(called);
    }
  });
});
