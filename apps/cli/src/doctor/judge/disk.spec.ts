import { describe, expect, it } from '@jest/globals';
import { judgeDisk, workspaceNeed } from './disk.js';

const disk = { what: 'workspaces', folder: '/work', freeBytes: 1_000, isWritable: true, setting: 'LONGSHORE_WORK' };
const need = (bytes: number) => ({ bytes, why: 'that stay free' });

describe('what doctor thinks of a disk', () => {
  it.each([
    [500, 'disk-ok'],
    [501, 'disk-low'],
    [1_000, 'disk-low'],
    [1_001, 'disk-full'],
  ])('with 1000 bytes free and %d needed is %s', (bytes, id) => {
    expect(judgeDisk(disk, need(bytes)).id).toBe(id);
  });

  it('names the setting that leads elsewhere', () => {
    expect(judgeDisk(disk, need(5_000)).remedy).toContain('LONGSHORE_WORK');
    expect(judgeDisk({ ...disk, isWritable: false }, need(1))).toMatchObject({
      id: 'disk-denied',
      remedy: expect.stringContaining('LONGSHORE_WORK'),
    });
  });
});

describe('what workspaces need', () => {
  const sizes = [10, 300, 20];

  it('is what stays free, while no input is known', () => {
    expect(workspaceNeed(256, 2, undefined).bytes).toBe(256);
    expect(workspaceNeed(256, 2, { sizes: [], maxObjects: 10 }).bytes).toBe(256);
  });

  it('is the largest task with outputs of its size, for each slot', () => {
    expect(workspaceNeed(256, 2, { sizes, maxObjects: 2 }).bytes).toBe(256 + 2 * 2 * 320);
    expect(workspaceNeed(0, 1, { sizes, maxObjects: 10 }).bytes).toBe(2 * 330);
  });

  it('is no more than the job allows a task, but for an object that is larger', () => {
    expect(workspaceNeed(0, 1, { sizes, maxObjects: 10, maxBytes: 310 }).bytes).toBe(2 * 310);
    expect(workspaceNeed(0, 1, { sizes, maxObjects: 10, maxBytes: 100 }).bytes).toBe(2 * 300);
  });
});
