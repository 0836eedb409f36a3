import { tmpdir } from 'node:os';
import { describe, expect, it } from '@jest/globals';
import { MachineLoad } from './machine-load.js';

describe('the load of a machine', () => {
  it('says how much of processors, memory and disk is used', async () => {
    const load = new MachineLoad(tmpdir());
    const until = performance.now() + 60;
    while (performance.now() < until);
    const { memory_bytes: used = 0, memory_total_bytes: total = 0, cpu } = load.read();
    expect(used).toBeGreaterThan(0);
    expect(used).toBeLessThan(total);
    expect(cpu).toBeGreaterThan(0);
    expect(cpu).toBeLessThanOrEqual(1);
    while (load.read().disk_free_bytes === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(load.read().disk_free_bytes).toBeGreaterThan(0);
  });

  it('says nothing of a disk that is not there, and goes on', async () => {
    const load = new MachineLoad('/no/such/folder');
    load.read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(load.read()).not.toHaveProperty('disk_free_bytes');
  });
});
