/** The scratch directory of one attempt: empty when it is opened, and empty again when it is left, however it is left. */
import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectRef } from '@longshore/core';
import { containerUser } from './container-user.js';
import { assertRoom } from './free-space.js';
import { emptyFolder } from './remove-tree.js';

/** The folders of one slot, mounted into its container for as long as that lives. */
export interface SlotFolders {
  inputs: string;
  outputs: string;
}

export class Workspace implements AsyncDisposable {
  private constructor(
    private readonly folders: SlotFolders,
    private readonly keepFreeBytes: number,
  ) {}

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

  /** @param keepFreeBytes of its disk that nothing may fill */
  static async open(folders: SlotFolders, keepFreeBytes: number): Promise<Workspace> {
    const workspace = new Workspace(folders, keepFreeBytes);
    await workspace.clear();
    return workspace;
  }

  get inputs(): string {
    return this.folders.inputs;
  }

  get outputs(): string {
    return this.folders.outputs;
  }

  /** @throws LongshoreError `disk-full` before anything is fetched that does not fit */
  async assertRoom(objects: readonly ObjectRef[]): Promise<void> {
    const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await assertRoom(this.inputs, bytes, this.keepFreeBytes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clear();
  }

  /** The folders themselves stay: they are what the container has mounted. */
  private async clear(): Promise<void> {
    await emptyFolder(this.folders.outputs);
    await emptyFolder(this.folders.inputs);
    await chmod(this.folders.inputs, 0o755);
  }
}
