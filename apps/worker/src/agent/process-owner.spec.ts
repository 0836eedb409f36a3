import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { hasEnded, thisProcess } from './process-owner.js';

describe('the owner of what a worker makes', () => {
  const me = thisProcess('mine');

  it('lives as long as its process', async () => {
    expect(await hasEnded(me)).toBe(false);
  });

  it('has ended when its process is gone', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    expect(await hasEnded({ ...me, pid })).toBe(true);
  });

  it('has ended when its process id belongs to a younger process', async () => {
    expect(await hasEnded({ ...me, startedAt: '1' })).toBe(true);
  });

  it('is unknown on another machine', async () => {
    expect(await hasEnded({ ...me, host: 'elsewhere' })).toBeUndefined();
  });
});
