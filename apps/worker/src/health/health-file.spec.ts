import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HealthFile } from './health-file.js';

describe('the health file of a worker', () => {
  let folder: string;
  const warnings: string[] = [];
  const warn = (line: string) => warnings.push(line);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-health-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is touched again and again, and goes with the worker', async () => {
    const path = join(folder, 'health');
    const ageOf = async () => (await stat(path)).mtimeMs;
    {
      using _ = new HealthFile(path, warn, 10);
      const first = await ageOf();
      while ((await ageOf()) === first) await sleep(5);
    }
    expect(await readdir(folder)).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('is complained of once where it cannot be', async () => {
    using _ = new HealthFile(join(folder, 'no', 'such', 'folder'), warn, 1);
    await sleep(30);
    expect(warnings).toEqual([expect.stringMatching(/cannot be written/)]);
  });
});
