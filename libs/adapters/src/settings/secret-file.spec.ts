import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetSecrets } from './secret-file.js';
import { Settings } from './settings.js';

describe('a secret among the settings', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-secret-'));
    path = join(folder, 'token');
    await writeFile(path, 'lsk_secret\n', { mode: 0o600 });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const read = (environment: Record<string, string>) => () => new Settings(environment).secret('LONGSHORE_TOKEN');

  it('comes from the variable, from a file, or from nowhere', () => {
    expect(read({ LONGSHORE_TOKEN: 'lsk_secret' })()).toBe('lsk_secret');
    expect(read({ LONGSHORE_TOKEN_FILE: path })()).toBe('lsk_secret');
    expect(read({ LONGSHORE_TOKEN: '', LONGSHORE_TOKEN_FILE: ' ' })()).toBeUndefined();
  });

  it.each([0o644, 0o640, 0o604, 0o660])(
    'S30: is not taken from a file with mode %o, which others may read',
    async (mode) => {
      await chmod(path, mode);
      expect(read({ LONGSHORE_TOKEN_FILE: path })).toThrow(/Others may read the file/);
    },
  );

  it('is refused, without being shown, where it is said twice, missing or empty', async () => {
    expect(read({ LONGSHORE_TOKEN: 'lsk_secret', LONGSHORE_TOKEN_FILE: path })).toThrow(/^(?!.*lsk_secret).*both set/);
    expect(read({ LONGSHORE_TOKEN_FILE: join(folder, 'none') })).toThrow(/LONGSHORE_TOKEN_FILE.*cannot be read/);
    await writeFile(path, '\n');
    expect(read({ LONGSHORE_TOKEN_FILE: path })).toThrow(/is empty/);
  });

  it('S30: is forgotten by the environment, which others inherit', () => {
    const environment = { LONGSHORE_JOIN_TOKEN: 'a', LONGSHORE_ADMIN_TOKEN: 'b', LONGSHORE_TOKEN: 'c', PATH: '/bin' };
    forgetSecrets(environment);
    expect(environment).toEqual({ PATH: '/bin' });
  });
});
