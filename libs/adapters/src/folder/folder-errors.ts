/** What the file system's errors mean for an object store. */
import { LongshoreError, messageOf, type ErrorCode, type ObjectRef } from '@longshore/core';

/** @param doing what was tried, as the start of a sentence */
export function folderError(thrown: unknown, doing: string): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  const code = codes[errnoOf(thrown)] ?? 'storage-failed';
  return new LongshoreError(code, `${doing}: ${messageOf(thrown)}.`, { remedy: remedies[code], cause: thrown });
}

/** @param thrown while an object of the input was read */
export function readError(thrown: unknown, { key }: ObjectRef): LongshoreError {
  switch (errnoOf(thrown)) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ELOOP':
      return new LongshoreError(
        'input-missing',
        `The object "${key}" is not there any more, or is a link that leads nowhere.`,
        { objectKey: key, remedy: 'Put it back, or leave it out.', cause: thrown },
      );
    case 'EISDIR':
    case 'ENXIO':
      return inputChanged(key);
    default:
      return folderError(thrown, `The object "${key}" cannot be read`);
  }
}

export function inputChanged(key: string): LongshoreError {
  return new LongshoreError('input-changed', `The object "${key}" has changed since it was listed.`, {
    objectKey: key,
    remedy: 'Submit the job again once nobody writes to its input.',
  });
}

const codes: Record<string, ErrorCode> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EACCES: 'access-denied',
  EPERM: 'access-denied',
  EROFS: 'access-denied',
  EEXIST: 'output-collision',
  EISDIR: 'output-collision',
  ENOTDIR: 'output-collision',
  ENOTEMPTY: 'output-collision',
};

const remedies: Partial<Record<ErrorCode, string>> = {
  'disk-full': 'Make room there.',
  'access-denied': 'Give the user this process runs as the right to it.',
  'output-collision':
    'A file lies where a folder is needed, or the other way round: move it away, or name an empty folder.',
  'storage-failed': 'Look after the disk or the mount if this lasts; Longshore tries again.',
};

function errnoOf(thrown: unknown): string {
  return (thrown as NodeJS.ErrnoException).code ?? '';
}
