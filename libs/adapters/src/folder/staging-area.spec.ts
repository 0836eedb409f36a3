import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createStaged, newStagedName, removeIfEmpty } from './staging-area.js';

describe('the staging area', () => {
  it('takes a file while others who find it empty remove it, again and again', async () => {
    const root = await mkdtemp(join(tmpdir(), 'longshore-staging-'));
    const comeAndGo = async (name: string) => {
      for (let round = 0; round < 300; round += 1) {
        const staged = newStagedName(name);
        await (await createStaged(root, staged)).close();
        await rm(join(root, '.longshore-staging', staged));
        await removeIfEmpty(root);
      }
    };
    await expect(Promise.all(['a', 'b', 'c', 'd'].map(comeAndGo))).resolves.toHaveLength(4);
    await rm(root, { recursive: true });
  });
});
