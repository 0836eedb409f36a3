/** The scratch directory of one attempt: empty when it is opened, and empty again when it is left, however it is left. */
import { chmod, chown, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { containerUser } from './container-user.js';
import { removeTree } from './remove-tree.js';

/** The folders of one slot, mounted into its container for as long as that lives. */
export interface SlotFolders {
  inputs: string;
  outputs: string;
}

export class Workspace implements AsyncDisposable {
  private constructor(private readonly folders: SlotFolders) {}

  /** Makes the two folders of a slot; the container's user may write to outputs only. */
  static async prepare(slotHome: string): Promise<SlotFolders> {
    const folders = { inputs: join(slotHome, 'inputs'), outputs: join(slotHome, 'outputs') };
    await mkdir(folders.inputs, { recursive: true });
    await mkdir(folders.outputs, { recursive: true });
    await chmod(folders.inputs, 0o755);
    await chmod(folders.outputs, 0o700);
    const { uid, gid } = containerUser();
    await chown(folders.outputs, uid, gid);
    return folders;
  }

  static async open(folders: SlotFolders): Promise<Workspace> {
    const workspace = new Workspace(folders);
    await workspace.clear();
    return workspace;
  }

  get inputs(): string {
    return this.folders.inputs;
  }

  get outputs(): string {
    return this.folders.outputs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clear();
  }

  /** The folders themselves stay: they are what the container has mounted. */
  private async clear(): Promise<void> {
    for (const folder of [this.folders.inputs, this.folders.outputs]) {
      for (const entry of await readdir(folder, { encoding: 'buffer' })) {
        await removeTree(Buffer.concat([Buffer.from(`${folder}/`), entry]));
      }
    }
  }
}
