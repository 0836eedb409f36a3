import { mkdir, mkdtemp, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { canUseApt } from './apt.mjs';
import { builderEnvironment } from './builder.mjs';
import { makeBusyboxRoot } from './busybox-root.mjs';
import { run, succeeds } from './command.mjs';
import { makeDebianRoot } from './debian-root.mjs';
import { makeNodeRoot } from './node-root.mjs';

/** `on`: the image that the root is put on top of; a root without one is the whole image. */
const RECIPES = {
  'debian:bookworm-slim': { makeRoot: (root) => makeDebianRoot('bookworm', root), command: 'CMD ["bash"]' },
  'busybox:1.36': { makeRoot: makeBusyboxRoot, command: 'CMD ["sh"]' },
  'node:24-bookworm-slim': { makeRoot: makeNodeRoot, command: 'CMD ["node"]', on: 'debian:bookworm-slim' },
};

/**
 * Makes sure that the engine has the image and returns how it came: "present", "pulled" or "made here".
 *
 * Where no registry can be reached, the images of RECIPES are put together from the packages of the distribution.
 */
export async function ensureBaseImage(reference) {
  if (await succeeds('docker', ['image', 'inspect', reference])) return 'present';
  try {
    await run('docker', ['pull', '--quiet', reference], {
      purpose: `Pulling the image ${reference}`,
      advice: 'Check the connection to the registry, or load the image with "docker load".',
    });
    return 'pulled';
  } catch (problem) {
    const recipe = RECIPES[reference];
    if (!recipe || !(await canUseApt())) throw problem;
    if (recipe.on) await ensureBaseImage(recipe.on);
    await make(reference, recipe);
    return 'made here';
  }
}

async function make(reference, { makeRoot, command, on }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'longshore-image-'));
  const root = path.join(folder, 'root');
  const archive = path.join(folder, 'root.tar');
  // The modes of the folders made here are those the users of the image meet.
  process.umask(0o022);
  try {
    await mkdir(root);
    await makeRoot(root);
    await run('tar', ['--create', '--numeric-owner', '--one-file-system', '--file', archive, '--directory', root, '.']);
    if (on) await layUpon(on, { folder, archive, command, reference });
    else await run('docker', ['import', '--change', command, archive, reference]);
  } finally {
    // A bootstrap that was interrupted may leave /proc mounted below the folder.
    await run('rm', ['-rf', '--one-file-system', folder]);
  }
}

async function layUpon(base, { folder, archive, command, reference }) {
  const context = path.join(folder, 'context');
  await mkdir(context);
  // ADD unpacks an archive with the modes and links that are in it.
  await rename(archive, path.join(context, 'root.tar'));
  await writeFile(path.join(context, 'Dockerfile'), `FROM ${base}\nADD root.tar /\n${command}\n`);
  await run('docker', ['build', '--quiet', '--force-rm', '--tag', reference, context], {
    env: await builderEnvironment(),
  });
}
