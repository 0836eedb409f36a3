import { execFile } from 'node:child_process';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const script = `
  import { keepCompiledCode } from ${JSON.stringify(join(import.meta.dirname, '..', 'bin', 'compiled-code.js'))};
  import { getCompileCacheDir } from 'node:module';
  keepCompiledCode();
  console.log(JSON.stringify({ dir: getCompileCacheDir() ?? null, told: process.env.NODE_COMPILE_CACHE ?? null }));
`;

describe('compiled code', () => {
  let home: string;
  beforeEach(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'longshore-home-')));
  });
  afterEach(() => rm(home, { recursive: true }));

  const kept = async (env: Record<string, string>) => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { env });
    return JSON.parse(stdout) as { dir: string | null; told: string | null };
  };

  it('is kept in a folder of the user, for the programs that are started too', async () => {
    const own = join(home, '.cache', 'longshore', 'compiled');
    expect(await kept({ HOME: home })).toEqual({ dir: expect.stringContaining(own), told: own });
    const { told } = await kept({ HOME: home, XDG_CACHE_HOME: join(home, 'other') });
    expect(told).toBe(join(home, 'other', 'longshore', 'compiled'));
  });

  it('is kept where Node.js was told to keep it, or nowhere at all', async () => {
    expect((await kept({ HOME: home, NODE_COMPILE_CACHE: join(home, 'told') })).dir).toContain(join(home, 'told'));
    const nowhere = { dir: null, told: null };
    expect(await kept({})).toEqual(nowhere);
    expect(await kept({ HOME: '/proc' })).toEqual(nowhere);
    expect(await kept({ HOME: join(home, 'no', 'such') })).toEqual(nowhere);
  });
});
