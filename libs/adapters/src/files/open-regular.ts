/** Opens what a container left behind, and trusts it no further than it must. */
import { constants, fstatSync, readlinkSync } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { LongshoreError } from '@longshore/core';

/**
 * Opens a regular file for reading and nothing else: no link is followed, and a pipe does not block.
 *
 * @param within a folder that the file has to lie in, though a folder on its path be a link
 * @throws LongshoreError `output-not-a-file`, or what the file system throws
 */
export async function openRegular(path: string, within?: string): Promise<FileHandle> {
  const file = await openUnfollowed(path);
  if (isFile(file) && (within === undefined || (await isWithin(file, within)))) return file;
  await file.close();
  throw notAFile(path);
}

async function openUnfollowed(path: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (thrown) {
    // ELOOP for a link, ENXIO for a socket, EACCES for a file that its owner has closed to everybody.
    const { code = '' } = thrown as NodeJS.ErrnoException;
    throw ['ELOOP', 'ENXIO', 'EACCES'].includes(code) ? notAFile(path) : thrown;
  }
}

/** What the kernel knows of an open file is told at once: to send a thread for it was measured to cost ten times as much. */
function isFile(file: FileHandle): boolean {
  return fstatSync(file.fd).isFile();
}

/**
 * Where the kernel says the opened file is: a process that still runs could have put a link in the place of a folder just now. Only
 * Linux tells; elsewhere containers run in a machine of their own.
 */
async function isWithin(file: FileHandle, folder: string): Promise<boolean> {
  const where = whereIs(file);
  // The kernel's path holds no link, so one that begins with the folder as it is named lies in it.
  return where === undefined || where.startsWith(`${folder}/`) || where.startsWith(`${await realpath(folder)}/`);
}

function whereIs(file: FileHandle): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${file.fd}`);
  } catch {
    return undefined;
  }
}

function notAFile(path: string): LongshoreError {
  return new LongshoreError('output-not-a-file', `${path} is not a regular file that can be read.`, {
    remedy: 'Write plain files, without links, into the outputs folder.',
  });
}
