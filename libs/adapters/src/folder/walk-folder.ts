/** Walks a folder tree in the order of keys, one folder at a time in memory. */
import { compareKeys } from '@longshore/core';
import type { BigIntStats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface FoundFile {
  key: string;
  /** Undefined for a link that leads nowhere. */
  stats: BigIntStats | undefined;
}

export interface WalkOptions {
  /** Keys up to this one are left out, whole folders without being read. */
  after: string | undefined;
  /** A folder of this name is not entered. */
  ignored: string;
}

/** To ask for all of a large folder at the same time would keep everybody else waiting. */
const lookedAtOnce = 256;

/** Regular files, and links to them; a link that leads nowhere is found too, so that it fails by name. Sockets and pipes are not objects. */
export async function* walkFolder(root: string, options: WalkOptions): AsyncGenerator<FoundFile> {
  yield* walk(root, '', [identityOf(await stat(root, { bigint: true }))], options);
}

async function* walk(
  root: string,
  prefix: string,
  above: readonly string[],
  options: WalkOptions,
): AsyncGenerator<FoundFile> {
  const names = await readdir(join(root, prefix));
  const entries: { name: string; stats: BigIntStats | undefined }[] = [];
  while (entries.length < names.length) {
    const next = names.slice(entries.length, entries.length + lookedAtOnce);
    entries.push(
      ...(await Promise.all(next.map(async (name) => ({ name, stats: await statOf(join(root, prefix, name)) })))),
    );
  }
  // A folder sorts as its name with a slash, because that is how its files' keys begin: "a-b" < "a/x" < "a0".
  const sorted = entries
    .map(({ name, stats }) => ({ key: prefix + name + (stats?.isDirectory() ? '/' : ''), name, stats }))
    .sort((one, other) => compareKeys(one.key, other.key));
  for (const { key, name, stats } of sorted) {
    if (!stats?.isDirectory()) {
      const isObject = stats === undefined || stats.isFile();
      if (isObject && comesAfter(key, options.after)) yield { key, stats };
      continue;
    }
    const identity = identityOf(stats);
    const isCycle = above.includes(identity);
    if (name === options.ignored || isCycle || !mayHoldLater(key, options.after)) continue;
    yield* walk(root, key, [...above, identity], options);
  }
}

function identityOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`;
}

async function statOf(path: string): Promise<BigIntStats | undefined> {
  return stat(path, { bigint: true }).catch(() => undefined);
}

function comesAfter(key: string, after: string | undefined): boolean {
  return after === undefined || compareKeys(key, after) > 0;
}

function mayHoldLater(folderKey: string, after: string | undefined): boolean {
  return after === undefined || after.startsWith(folderKey) || compareKeys(folderKey, after) > 0;
}
