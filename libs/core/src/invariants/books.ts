/** I11: whatever is recorded twice is recorded alike. */
import { assignmentId } from '../lifecycle/assignment-id.js';
import { emptyCounts } from '../lifecycle/job-rules.js';
import type { Attempt } from '../words/attempt.js';
import { endedJobStates, sumOver, type JobCounts } from '../words/job.js';
import { openTaskStates, taskBytes, taskStates, type Task } from '../words/task.js';
import { broken, type Invariant, type JobInView, type Look } from './invariant.js';

export const books: Invariant = {
  id: 'I11',
  sentence: 'Totals are those of the tasks, attempts agree with their task, and a job that is over has no open task.',
  look: (view) => new BookLook(view),
};

class BookLook implements Look {
  private unverified = 0;
  private carried = 0;
  private readonly counted: JobCounts = { tasks: emptyCounts(), objects: emptyCounts(), bytes: emptyCounts() };

  constructor(private readonly view: JobInView) {}

  task(task: Task, attempts: readonly Attempt[]): string[] {
    if (task.carried) this.carried += task.objects.length;
    this.counted.tasks[task.state] += 1;
    this.counted.objects[task.state] += task.objects.length;
    this.counted.bytes[task.state] += taskBytes(task);
    if (task.state === 'completed' && task.manifest?.unverified) this.unverified += task.objects.length;
    return [...leaseFaults(task), ...attemptFaults(task, attempts)];
  }

  end(): string[] {
    const { job } = this.view;
    const wrong = (['tasks', 'objects', 'bytes'] as const).flatMap((what) =>
      taskStates
        .filter((state) => job.counts[what][state] !== this.counted[what][state])
        .map(
          (state) =>
            `Job ${job.id} counts ${job.counts[what][state]} ${what} as ${state}, and there are ${this.counted[what][state]}.`,
        ),
    );
    const open = sumOver(this.counted.tasks, openTaskStates);
    const isEnded = endedJobStates.includes(job.state);
    // Tasks of a cancelled job are taken back one by one; a job whose listing failed keeps what was listed so far.
    const isSettled = job.state === 'completed' || (job.state === 'failed' && job.scan === 'done');
    const { objectsDoneBefore = 0, spec } = job;
    const shouldCarry = spec.skip?.by === 'manifest' ? objectsDoneBefore : 0;
    return [
      ...wrong,
      ...broken(
        [
          (job.objectsUnverified ?? 0) !== this.unverified,
          `Job ${job.id} counts ${job.objectsUnverified ?? 0} objects as unverified, and there are ${this.unverified}.`,
        ],
        [
          this.carried !== shouldCarry,
          `Job ${job.id} took over ${shouldCarry} results of earlier jobs, and its tasks hold ${this.carried}.`,
        ],
        [isSettled && open > 0, `Job ${job.id} is ${job.state}, and ${open} of its tasks are open.`],
        [isEnded && job.endedAt === undefined, `Job ${job.id} is ${job.state} and has no end.`],
        [!isEnded && job.endedAt !== undefined, `Job ${job.id} is ${job.state} and has an end.`],
        [job.state === 'failed' && !job.failure, `Job ${job.id} failed and does not say why.`],
      ),
    ];
  }
}

function leaseFaults({ id, state, lease, fence, uncut, objects }: Task): string[] {
  const isHeld = state === 'leased' || state === 'accepted';
  const grouped = uncut?.groups?.reduce((sum, size) => sum + size, 0) ?? objects.length;
  return broken(
    [uncut !== undefined && fence > 0, `Task ${id} was leased, and tasks may still be cut from it.`],
    [grouped !== objects.length, `Task ${id} holds ${objects.length} objects, and groups of ${grouped}.`],
    [isHeld && !lease, `Task ${id} is ${state}, and nobody holds it.`],
    [!isHeld && lease !== undefined, `Task ${id} is ${state}, and worker ${lease?.workerId} holds it.`],
    [
      lease !== undefined && lease.assignmentId !== assignmentId(id, fence),
      `The lease of task ${id} is ${lease?.assignmentId}, and its fence is ${fence}.`,
    ],
  );
}

function attemptFaults(task: Task, attempts: readonly Attempt[]): string[] {
  const isHeld = task.state === 'leased' || task.state === 'accepted';
  return attempts.flatMap(({ number, outcome, endedAt, workerId }) => {
    const what = `Attempt ${number} of task ${task.id}`;
    const runs = outcome === 'running';
    const shouldRun = isHeld && number === task.fence;
    return broken(
      [runs && !shouldRun, `${what} still runs, and the task is ${task.state} at fence ${task.fence}.`],
      [!runs && shouldRun, `${what} is ${outcome}, and the task is ${task.state}.`],
      [!runs && endedAt === undefined, `${what} is ${outcome} and has no end.`],
      [
        shouldRun && workerId !== task.lease?.workerId,
        `${what} is worker ${workerId}'s, and the lease is worker ${task.lease?.workerId}'s.`,
      ],
    );
  });
}
