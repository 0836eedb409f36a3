/** What runs here, in files: the threads of a worker share them, and the next worker reads what a killed one left. */
import { randomBytes } from 'node:crypto';
import { chown, link, mkdir, readdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LongshoreError, type ContainerSpec } from '@longshore/core';

export interface ContainerRecord {
  id: string;
  name: string;
  labels: Record<string, string>;
  spec: ContainerSpec;
  /** A folder for what its commands put aside. */
  temporary: string;
}

/** `<name>.json` of one that is there, `<id>.removing` of one that is on its way out. */
const present = '.json';
const removing = '.removing';

export class ContainerRecords {
  constructor(private readonly folder: string) {}

  /** @throws LongshoreError `name-taken` */
  async create(spec: ContainerSpec): Promise<ContainerRecord> {
    const id = randomBytes(32).toString('hex');
    const { name, labels, user } = spec;
    await mkdir(this.folder, { recursive: true, mode: 0o711 });
    const temporary = join(this.folder, `${id}.tmp`);
    const record = { id, name, labels, spec, temporary };
    const written = join(this.folder, `${id}.new`);
    await writeFile(written, JSON.stringify(record), { mode: 0o600 });
    try {
      // A link appears whole or not at all, and never in the place of another.
      await link(written, this.pathOf(name));
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
      throw new LongshoreError('name-taken', `A container named ${name} exists already.`, {
        remedy: 'Remove it, or choose another name.',
      });
    } finally {
      await unlink(written);
    }
    await mkdir(temporary, { mode: 0o700 });
    const [uid = -1, gid = -1] = user.split(':').map(Number);
    if (process.getuid?.() === 0) await chown(temporary, uid, gid);
    return record;
  }

  /** All of them, also those whose removal is under way. */
  async all(): Promise<ContainerRecord[]> {
    const names = await readdir(this.folder).catch(() => []);
    const found = await Promise.all(
      names
        .filter((name) => name.endsWith(present) || name.endsWith(removing))
        .map((name) => this.read(join(this.folder, name))),
    );
    return found.filter((record) => record !== undefined);
  }

  /** One that is there, and that nobody is removing. */
  async find(id: string): Promise<ContainerRecord | undefined> {
    const names = (await readdir(this.folder).catch(() => [])).filter((name) => name.endsWith(present));
    for (const name of names) {
      const record = await this.read(join(this.folder, name));
      if (record?.id === id) return record;
    }
    return undefined;
  }

  async has(id: string): Promise<boolean> {
    return (await this.find(id)) !== undefined;
  }

  async beginRemoval(id: string): Promise<void> {
    const record = await this.find(id);
    if (record) await rename(this.pathOf(record.name), this.removalOf(id)).catch(onlyMissing);
  }

  async endRemoval(id: string): Promise<void> {
    await rm(join(this.folder, `${id}.tmp`), { recursive: true, force: true });
    await unlink(this.removalOf(id)).catch(onlyMissing);
  }

  private async read(path: string): Promise<ContainerRecord | undefined> {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as ContainerRecord;
    } catch (thrown) {
      onlyMissing(thrown);
      return undefined;
    }
  }

  private pathOf(name: string): string {
    return join(this.folder, `${encodeURIComponent(name)}${present}`);
  }

  private removalOf(id: string): string {
    return join(this.folder, `${id}${removing}`);
  }
}

/** Two may remove the same one at the same time. */
function onlyMissing(thrown: unknown): void {
  if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
}
