import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ensureBaseImage } from './base-image.mjs';
import { builderEnvironment, proxyArguments } from './builder.mjs';
import { run, succeeds } from './command.mjs';

export const CONTEXT_LABEL = 'longshore.context';

/**
 * Makes sure that the image was built from the files in the context folder as they are now.
 *
 * Returns whether it had to be built, and its size in bytes. A label of the image keeps the hash of its context.
 */
export async function ensurePluginImage({ tag, context }) {
  const hash = await hashOfFiles(context);
  const built = (await builtFrom(tag)) !== hash;
  if (built) await build(tag, context, hash);
  const size = await run('docker', ['image', 'inspect', '--format', '{{.Size}}', tag]);
  return { built, size: Number(size) };
}

/** The hash of what the image was built from; undefined when there is no such image. */
export async function builtFrom(tag) {
  if (!(await succeeds('docker', ['image', 'inspect', tag]))) return undefined;
  return run('docker', ['image', 'inspect', '--format', `{{index .Config.Labels "${CONTEXT_LABEL}"}}`, tag]);
}

async function build(tag, context, hash) {
  for (const reference of await baseImages(path.join(context, 'Dockerfile'))) await ensureBaseImage(reference);
  const logFolder = await mkdtemp(path.join(tmpdir(), 'longshore-build-'));
  // A step that fails would leave its container behind.
  const clean = ['--force-rm'];
  // The engine's own networks may have no way out, or none of the name servers that this machine uses.
  const network = ['--network', 'host'];
  await run(
    'docker',
    ['build', ...clean, ...network, ...proxyArguments(), '--label', `${CONTEXT_LABEL}=${hash}`, '--tag', tag, context],
    {
      purpose: `Building the image ${tag}`,
      advice: 'Check that the engine can reach the package sources of the base image.',
      env: await builderEnvironment(),
      logFile: path.join(logFolder, 'build.log'),
    },
  );
  await rm(logFolder, { recursive: true });
}

async function baseImages(dockerfile) {
  const lines = (await readFile(dockerfile, 'utf8')).matchAll(
    /^FROM\s+(?:--platform=\S+\s+)?(\S+)(?:\s+AS\s+(\S+))?/gim,
  );
  const stages = new Set(['scratch']);
  const references = new Set();
  for (const [, reference, stage] of lines) {
    if (!stages.has(reference)) references.add(reference);
    if (stage) stages.add(stage);
  }
  return references;
}

export async function hashOfFiles(folder) {
  const hash = createHash('sha256');
  for (const name of await filesBelow(folder)) {
    const content = await readFile(path.join(folder, name));
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

async function filesBelow(folder, prefix = '') {
  const names = [];
  for (const entry of await readdir(path.join(folder, prefix), { withFileTypes: true })) {
    const name = path.posix.join(prefix, entry.name);
    if (entry.isDirectory()) names.push(...(await filesBelow(folder, name)));
    else names.push(name);
  }
  return names.sort();
}
