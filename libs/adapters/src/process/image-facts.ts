/** What identifies the image that this process is in. Nothing inside of a container tells the digest it was made from. */
import { createHash } from 'node:crypto';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { LongshoreError, type ImageFacts } from '@longshore/core';

/** What comes into being while containers run. */
const scratch = ['dev', 'proc', 'run', 'sys', 'tmp', 'var/cache', 'var/log', 'var/run', 'var/tmp', '.dockerenv'];

/** An image of a million files takes half a minute; a machine with more is no container. */
const mostFiles = 1_000_000;
const atOnce = 64;

/** @throws LongshoreError `invalid-configuration` */
export function givenDigest(digest: string): ImageFacts {
  if (/^sha256:[0-9a-f]{64}$/.test(digest)) return { digest, sizeBytes: 0 };
  throw new LongshoreError('invalid-configuration', `"${digest}" is no digest of an image.`, {
    remedy: 'Give it as "sha256:" and 64 digits, as "docker image inspect" shows it, or leave it out.',
  });
}

/**
 * A hash over name, mode, size and time of every file, and name and target of every link, on the disk of the root. Whatever is mounted there is of another disk, and of no
 * image; folders are left out, because mounting makes some of them anew.
 *
 * @throws LongshoreError `invalid-configuration` when there are too many
 */
export async function filesDigest(root: string, without: readonly string[]): Promise<ImageFacts> {
  const { dev } = await lstat(root);
  const left = new Set([...scratch.map((name) => join(root, name)), ...without]);
  const lines: string[] = [];
  const folders = [root];
  let sizeBytes = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const paths = (await readdir(folder).catch(() => []))
      .map((name) => join(folder, name))
      .filter((at) => !left.has(at));
    for (let at = 0; at < paths.length; at += atOnce) {
      const found = await Promise.all(paths.slice(at, at + atOnce).map((path) => look(path)));
      for (const { path, facts, target } of found) {
        if (facts?.dev !== dev) continue;
        if (facts.isDirectory()) folders.push(path);
        // The engine makes the link /etc/mtab anew for each container.
        else lines.push(JSON.stringify([path, facts.mode, facts.size, target ?? Math.floor(facts.mtimeMs / 1000)]));
        if (facts.isFile()) sizeBytes += facts.size;
      }
    }
    if (lines.length > mostFiles) throw tooMany();
  }
  const hash = createHash('sha256');
  for (const line of lines.sort()) hash.update(`${line}\n`);
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes };
}

async function look(path: string) {
  const facts = await lstat(path).catch(() => undefined);
  const target = facts?.isSymbolicLink() ? await readlink(path).catch(() => undefined) : undefined;
  return { path, facts, target };
}

function tooMany(): LongshoreError {
  return new LongshoreError(
    'invalid-configuration',
    'There are too many files here to tell which image this worker is in.',
    { remedy: 'Say which it is with LONGSHORE_IMAGE_DIGEST.' },
  );
}
