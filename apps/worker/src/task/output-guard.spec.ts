import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutputGuard } from './output-guard.js';
import { removeTree } from './remove-tree.js';

describe('guarding outputs', () => {
  let folder: string;
  const guard = (changes: object = {}) =>
    new OutputGuard({ folder, outputBytes: 100_000, outputFiles: 10, keepFreeBytes: 0, ...changes });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-guard-'));
  });
  afterEach(() => removeTree(Buffer.from(folder)));

  it('D10: ends a command while it writes more than it may', async () => {
    using guarding = guard();
    await writeFile(join(folder, 'large'), Buffer.alloc(200_000));
    await once(guarding.signal, 'abort');
    expect(guarding.signal.reason).toMatchObject({ code: 'output-too-large', failureClass: 'resource' });
  });

  it('D10: ends a command while it makes more files than it may', async () => {
    using guarding = guard();
    for (let number = 0; number < 12; number += 1) await writeFile(join(folder, String(number)), '');
    await once(guarding.signal, 'abort');
    expect(guarding.signal.reason).toMatchObject({ code: 'too-many-outputs', failureClass: 'resource' });
  });

  it('D9: ends a command before the disk is full, which is not the fault of its job', async () => {
    using guarding = guard({ keepFreeBytes: 2 ** 62 });
    await once(guarding.signal, 'abort');
    expect(guarding.signal.reason).toMatchObject({ code: 'disk-full', failureClass: 'infra' });
  });

  it('D10: has the last word on what was written in the last moment', async () => {
    using guarding = guard();
    await writeFile(join(folder, 'large'), Buffer.alloc(200_000));
    await expect(guarding.settle('its log')).rejects.toMatchObject({ code: 'output-too-large', log: 'its log' });
  });

  it('lets pass what is within its limits', async () => {
    using guarding = guard();
    await writeFile(join(folder, 'small'), Buffer.alloc(50_000));
    await guarding.settle('');
    expect(guarding.signal.aborted).toBe(false);
  });
});
