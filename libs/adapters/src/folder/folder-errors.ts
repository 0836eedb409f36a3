/** What the file system's errors mean for an object store. */
import { LongshoreError, messageOf } from '@longshore/core';

export function folderError(thrown: unknown, doing: string): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  const { code } = thrown as NodeJS.ErrnoException;
  const why = `${doing}: ${messageOf(thrown)}.`;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new LongshoreError('disk-full', why, { remedy: 'Make room there.', cause: thrown });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new LongshoreError('access-denied', why, { remedy: 'Give this user the right to it.', cause: thrown });
    case 'EEXIST':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ENOTEMPTY':
      return new LongshoreError(
        'output-collision',
        `${why} A file lies where a folder is needed, or the other way round.`,
        {
          remedy: 'Rename one of the objects, or name an empty folder for the output.',
          cause: thrown,
        },
      );
    default:
      return new LongshoreError('storage-failed', why, { cause: thrown });
  }
}
