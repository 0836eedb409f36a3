/** Opens what a container left behind, and trusts it no further than it must. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { LongshoreError } from '@longshore/core';

/**
 * Opens a regular file for reading and nothing else: no link is followed, and a pipe does not block.
 *
 * @throws LongshoreError `output-not-a-file`, or what the file system throws
 */
export async function openRegular(path: string): Promise<FileHandle> {
  const file = await openUnfollowed(path);
  if ((await file.stat()).isFile()) return file;
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

function notAFile(path: string): LongshoreError {
  return new LongshoreError('output-not-a-file', `${path} is not a regular file that can be read.`, {
    remedy: 'Write plain files, without links, into the outputs folder.',
  });
}
