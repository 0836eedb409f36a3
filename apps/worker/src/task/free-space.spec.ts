import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aPlugin } from '@longshore/core/testing';
import { anAssignment } from '../testing/assignments.js';
import { TaskBench } from '../testing/task-bench.js';
import { assertRoom, freeBytes } from './free-space.js';

describe('room on the disk of the workspaces', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-room-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('D9: has to be there for all inputs together, and for something besides', async () => {
    const free = await freeBytes(folder);
    await assertRoom(folder, 1_000, 0);
    await expect(assertRoom(folder, free + 2 ** 40, 0)).rejects.toMatchObject({ code: 'disk-full' });
    await expect(assertRoom(folder, 1_000, free + 2 ** 40)).rejects.toMatchObject({
      code: 'disk-full',
      failureClass: 'infra',
      remedy: expect.stringContaining('LONGSHORE_WORK'),
    });
  });

  it('D9: is looked for before anything is fetched, and what does not fit is no fault of the job', async () => {
    await using bench = await TaskBench.open({ never: () => ({ exitCode: 0 }) });
    const assignment = anAssignment(bench.objects, { a: 'A' });
    const objects = assignment.objects.map((object) => ({ ...object, sizeBytes: 1e18 }));
    await bench.runAssignment(aPlugin({}, { command: () => ['never'] }), { ...assignment, objects });
    expect(bench.client.reports).toMatchObject([{ status: 'failed', details: { code: 'disk-full' } }]);
  });
});
