/** A folder for one test, with everything Longshore keeps inside it; gone afterwards. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isOwnPlace } from '@longshore/core';
import type { Environment } from './process.js';

export class Sandbox implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async open(): Promise<Sandbox> {
    return new Sandbox(await mkdtemp(join(tmpdir(), 'longshore-story-')));
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /** Keeps state, logs and workspaces of Longshore inside the sandbox. */
  get environment(): Environment {
    return {
      LONGSHORE_HOME: this.path('home'),
      LONGSHORE_WORK: this.path('work'),
      LONGSHORE_STATE: this.path('state'),
    };
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = this.path(name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Every file below a folder, by its path below it; hidden ones too, so that nothing left behind is overlooked. Records of what was done are no results. */
export async function filesBelow(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = new Map<string, Buffer>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (!isOwnPlace(name)) files.set(name, await readFile(path));
  }
  return files;
}
