/** A fleet of light workers, each with connections of its own, against one real orchestrator. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repository } from './support/process.js';

interface FleetRun {
  tallies: { taken: number; done: number; lost: number; secondAttempts: number; heartbeats: number };
  rescues: number;
  job: { tasks: Record<string, number> };
}

const workers = 500;

describe('five hundred workers', () => {
  it('register, wait, are each given a task, work on and lose no lease', async () => {
    const bench = fork(join(repository, 'bench/fleet/fleet-run.mjs'), [String(workers), '3', '2'], { cwd: repository });
    const [run] = (await Promise.race([
      once(bench, 'message'),
      once(bench, 'exit').then(([code]) => Promise.reject(new Error(`The fleet ended with ${String(code)}.`))),
    ])) as [FleetRun];
    const { tallies, rescues, job } = run;
    expect(tallies).toMatchObject({ lost: 0, secondAttempts: 0 });
    expect(rescues).toBe(0);
    expect(tallies.taken).toBeGreaterThanOrEqual(workers);
    expect(tallies.done).toBeGreaterThan(0);
    expect(job.tasks.dead).toBe(0);
    expect((job.tasks.completed ?? 0) + (job.tasks.accepted ?? 0)).toBeGreaterThanOrEqual(tallies.done);
  });
});
