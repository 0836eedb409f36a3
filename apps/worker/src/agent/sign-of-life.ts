/**
 * A socket in the folder of a worker that answers for as long as its process lives. Workers in containers share a folder but not their process
 * ids; the kernel closes the socket with its process, however that ends.
 */
import { once } from 'node:events';
import { open, type FileHandle } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

const name = 'alive';

/** The kernel takes no longer address. */
const longest = 100;

export class SignOfLife implements AsyncDisposable {
  private constructor(
    private readonly server: Server,
    private readonly folder: FileHandle | undefined,
  ) {}

  /** Undefined on a file system without sockets: then nobody can tell, as on another machine. */
  static async give(home: string): Promise<SignOfLife | undefined> {
    const folder = await handleOf(home);
    const server = createServer((caller) => caller.destroy());
    server.on('error', () => undefined);
    try {
      await once(server.listen(addressIn(home, folder)), 'listening');
    } catch {
      await folder?.close();
      return undefined;
    }
    server.unref();
    return new SignOfLife(server, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
    await this.folder?.close();
  }
}

/** Whether the worker of this folder lives; undefined when nobody can tell. */
export async function answersAt(home: string): Promise<boolean | undefined> {
  let folder: FileHandle | undefined;
  try {
    folder = await handleOf(home);
    const caller = connect(addressIn(home, folder));
    try {
      await once(caller, 'connect');
      return true;
    } finally {
      caller.destroy();
    }
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    return code === 'ECONNREFUSED' ? false : undefined;
  } finally {
    await folder?.close();
  }
}

/** A folder whose path is too long for an address is named by its descriptor. */
async function handleOf(home: string): Promise<FileHandle | undefined> {
  return Buffer.byteLength(join(home, name)) > longest ? open(home) : undefined;
}

function addressIn(home: string, folder: FileHandle | undefined): string {
  return folder ? `/proc/self/fd/${folder.fd}/${name}` : join(home, name);
}
