import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { installedPlugins } from './installed-plugins.js';
import { loadPlugin } from './load-plugin.js';

describe('loading a plugin', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-plugins-'));
    await writeFile(join(folder, 'nothing.mjs'), 'export default 42;');
    await writeFile(join(folder, 'throws.mjs'), 'throw new Error("no luck");');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('finds those that ship with Longshore by their names', async () => {
    expect(await installedPlugins()).toEqual(['echo', 'rgo-segmentation']);
    expect((await loadPlugin('echo')).name).toBe('echo');
  });

  it('names those that are installed when there is none of the name', async () => {
    await expect(loadPlugin('ecco')).rejects.toMatchObject({
      code: 'plugin-unknown',
      remedy: expect.stringContaining('echo, rgo-segmentation'),
    });
  });

  it.each(['Echo', '@scope/name', 'a b', '', 'echo/../echo'])(
    'takes "%s" neither for a package nor for a reason to look elsewhere',
    async (name) => {
      await expect(loadPlugin(name)).rejects.toMatchObject({ code: 'plugin-unknown' });
    },
  );

  it.each([
    ['a path where nothing is', 'missing.mjs', 'plugin-unknown'],
    ['a module that is no plugin', 'nothing.mjs', 'plugin-broken'],
    ['a module that throws', 'throws.mjs', 'plugin-broken'],
  ])('refuses %s', async (_, name, code) => {
    await expect(loadPlugin(join(folder, name))).rejects.toMatchObject({ code });
  });
});
