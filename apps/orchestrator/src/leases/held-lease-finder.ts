/** Finds the lease a worker speaks of: by its id, or, for a worker of the original protocol, the one it holds. */
import { Injectable } from '@nestjs/common';
import { JobStore, LongshoreError } from '@longshore/core';
import { readAssignmentId } from '@longshore/core';
import type { HeldBy } from './lease-report.js';

@Injectable()
export class HeldLeaseFinder {
  constructor(private readonly store: JobStore) {}

  /** @throws LongshoreError `nothing-pending` when the worker names none and holds none, `invalid-request` */
  async find(workerId: string, named: { assignment_id?: string; fence?: number }): Promise<HeldBy> {
    if (named.assignment_id !== undefined) {
      const { taskId, fence } = readAssignmentId(named.assignment_id);
      return { taskId, workerId, fence: named.fence ?? fence };
    }
    const all = await this.store.heldTasks(workerId);
    const held = all.find(({ state }) => state === 'leased') ?? all[0];
    if (held) return { taskId: held.id, workerId, fence: named.fence ?? held.fence };
    throw new LongshoreError('nothing-pending', `Worker ${workerId} holds no assignment.`, {
      remedy: 'Ask for one first.',
    });
  }
}
