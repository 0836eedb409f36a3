/** Keeps what Node.js has compiled from one call to the next, which starts in two thirds of the processor time then. */
import { existsSync, mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

/** For this program, and by the environment for those that it starts; where no folder can be kept, all is compiled anew. */
export function keepCompiledCode({ env } = process) {
  env.NODE_COMPILE_CACHE ??= folderOf(env);
  if (env.NODE_COMPILE_CACHE) enableCompileCache(env.NODE_COMPILE_CACHE);
  else delete env.NODE_COMPILE_CACHE;
}

/** One of the user's own, and not in that for temporary files: what lies there is run. */
function folderOf({ XDG_CACHE_HOME, HOME }) {
  const caches = XDG_CACHE_HOME || (HOME && `${HOME}/.cache`);
  if (!caches) return '';
  try {
    // Step by step: Node.js never comes back from making a path on a file system that knows no folders.
    for (const folder of [caches, `${caches}/longshore`]) if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
    return `${caches}/longshore/compiled`;
  } catch {
    return '';
  }
}
