import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OomCounter } from './oom-counter.js';

describe('counting what the kernel killed for memory', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-oom-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([
    ['version 2', 'low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n'],
    ['version 1', 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n'],
  ])('reads what cgroups of %s say', async (_, text) => {
    const file = join(folder, 'events');
    await writeFile(file, text);
    expect(await new OomCounter([join(folder, 'none'), file]).read()).toBe(2);
  });

  it('is 0 where nobody counts', async () => {
    expect(await new OomCounter([join(folder, 'none')]).read()).toBe(0);
  });
});
