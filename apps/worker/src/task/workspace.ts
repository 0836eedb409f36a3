/**
 * The scratch directory of one attempt. No container sees it: what a command is to read is moved into the folders that its container has mounted when its
 * turn comes, and what it leaves is moved out of them before anybody looks at it.
 */
import { statSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectRef } from '@longshore/core';
import { allOrFirstError } from './all-or-first-error.js';
import { containerUser } from './container-user.js';
import { assertRoom } from './free-space.js';
import { moveEntries } from './move-entries.js';
import { emptyFolder, removeTree } from './remove-tree.js';

/** The folders of one slot, mounted into its container for as long as that lives. */
export interface SlotFolders {
  inputs: string;
  outputs: string;
}

export class Workspace implements AsyncDisposable {
  private constructor(
    private readonly folder: string,
    private readonly mounted: SlotFolders,
    private readonly keepFreeBytes: number,
  ) {}

  /** Makes the two folders of a slot; the container's user may write to outputs only. */
  static async prepare(slotHome: string): Promise<SlotFolders> {
    const folders = { inputs: join(slotHome, 'inputs'), outputs: join(slotHome, 'outputs') };
    await mkdir(folders.inputs, { recursive: true });
    await mkdir(folders.outputs, { recursive: true });
    await mkdir(workspacesOf(folders), { recursive: true, mode: 0o700 });
    await chmod(folders.inputs, 0o755);
    await chmod(folders.outputs, 0o700);
    const { uid, gid } = containerUser();
    await chown(folders.outputs, uid, gid);
    return folders;
  }

  /** @param keepFreeBytes of its disk that nothing may fill */
  static async open(mounted: SlotFolders, keepFreeBytes: number): Promise<Workspace> {
    // On the same file system, so that moving costs nothing.
    const folder = await mkdtemp(join(workspacesOf(mounted), 'attempt-'));
    const workspace = new Workspace(folder, mounted, keepFreeBytes);
    await mkdir(workspace.inputs);
    await mkdir(workspace.outputs, { mode: 0o700 });
    return workspace;
  }

  /** Where the inputs are fetched to. */
  get inputs(): string {
    return join(this.folder, 'inputs');
  }

  /** Where the outputs lie once the command has ended. */
  get outputs(): string {
    return join(this.folder, 'outputs');
  }

  /** @throws LongshoreError `disk-full` before anything is fetched that does not fit */
  async assertRoom(objects: readonly ObjectRef[]): Promise<void> {
    const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    await assertRoom(this.inputs, bytes, this.keepFreeBytes);
  }

  /** Shows the inputs to the container, and an empty outputs folder, until what is returned is disposed. */
  async mount(): Promise<AsyncDisposable> {
    const { inputs, outputs } = this.mounted;
    // At the same time, because the slot stands still meanwhile.
    await allOrFirstError([emptyFolder(outputs), emptyFolder(inputs)]);
    await Promise.all([giveMode(inputs, 0o755), giveMode(outputs, 0o700)]);
    await moveEntries(this.inputs, inputs);
    return { [Symbol.asyncDispose]: () => this.unmount() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeTree(Buffer.from(this.folder));
  }

  /** The mounted folders themselves stay: they are what the container sees. */
  private async unmount(): Promise<void> {
    const { inputs, outputs } = this.mounted;
    await allOrFirstError([moveEntries(outputs, this.outputs), moveEntries(inputs, this.inputs)]);
  }
}

/** Whatever a container that owns the folder made of it; a change of nothing would wait for the journal of the disk all the same. */
async function giveMode(folder: string, mode: number): Promise<void> {
  if ((statSync(folder).mode & 0o7777) !== mode) await chmod(folder, mode);
}

function workspacesOf({ inputs }: SlotFolders): string {
  return join(dirname(inputs), 'workspaces');
}
