/** Secrets of a process: read from files that are nobody else's, and not passed on to what the process starts. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { LongshoreError, messageOf } from '@longshore/core';

const names = [
  'LONGSHORE_TOKEN',
  'LONGSHORE_ADMIN_TOKEN',
  'LONGSHORE_JOIN_TOKEN',
  'LONGSHORE_WEBHOOKS',
  'LONGSHORE_WEBHOOK_SECRET',
];

/**
 * @param from the setting or option that names the file
 * @throws LongshoreError `invalid-configuration` for a file that is not there, is empty, or that others may read
 */
export function readSecretFile(path: string, from: string): string {
  const secret = readPrivately(path, from).trim();
  if (secret !== '') return secret;
  throw new LongshoreError('invalid-configuration', `The file ${path} (${from}) is empty.`, {
    remedy: 'Write the token into it.',
  });
}

/** Called once the settings are read, so that plugins and child processes do not find them in the environment. */
export function forgetSecrets(environment: Record<string, string | undefined>): void {
  for (const name of names) delete environment[name];
}

function readPrivately(path: string, from: string): string {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (thrown) {
    throw new LongshoreError(
      'invalid-configuration',
      `The file ${path} (${from}) cannot be read: ${messageOf(thrown)}.`,
      {
        remedy: 'Name a file that holds a token and that this user may read.',
        cause: thrown,
      },
    );
  }
  try {
    const mode = fstatSync(file).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      const shown = mode.toString(8).padStart(4, '0');
      throw new LongshoreError(
        'invalid-configuration',
        `Others may read the file ${path} (${from}): its mode is ${shown}.`,
        {
          remedy: `Run "chmod 600 ${path}", and think about a new token.`,
        },
      );
    }
    return readFileSync(file, 'utf8');
  } finally {
    closeSync(file);
  }
}
