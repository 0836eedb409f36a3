/** What the store knows about a run: whether it is over, and what became of it. */
import { Injectable } from '@nestjs/common';
import {
  Clock,
  endedJobStates,
  JobStore,
  mostDeadTold,
  type Job,
  type RunEnd,
  type RunEndPhase,
  type RunFacts,
  type RunRecords as Records,
  type Task,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

/** Workers may be thousands, and a run that is over is looked at for days. */
const waitsForWorkers: readonly RunEndPhase[] = ['leaving', 'resting'];

const openStates = ['pending', 'running', 'paused'] as const;

@Injectable()
export class RunRecords {
  /** Nobody was heard and nothing was sent before. */
  private readonly servingSince: number;

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
  ) {
    this.servingSince = clock.now();
  }

  async facts(end: RunEnd): Promise<RunFacts> {
    const { store, servingSince } = this;
    const now = this.clock.now();
    const openJobs = (await store.jobsIn(openStates)).length;
    const rest = { untoldJobs: 0, heldTasks: 0, awaitedWorkers: 0, unsentNews: 0 };
    if (openJobs > 0) return { now, servingSince, openJobs, ...rest };
    return {
      now,
      servingSince,
      openJobs,
      untoldJobs: await this.untoldJobs(end),
      heldTasks: (await store.heldTasks()).length,
      awaitedWorkers: waitsForWorkers.includes(end.phase) ? await this.awaitedWorkers(now) : 0,
      unsentNews: (await store.outbox.due(Number.MAX_SAFE_INTEGER, 1)).length,
    };
  }

  /** @param toldAt people know of every job that had ended by then */
  async ofRun({ toldAt }: RunEnd): Promise<Records> {
    const ended = await this.store.jobsIn(endedJobStates);
    const jobs = ended.filter((job) => (job.endedAt ?? 0) > toldAt);
    return { jobs, workers: await this.store.listWorkers(), dead: await this.deadTasks(jobs) };
  }

  /** Of a run that was told of, a look at the newest job is enough: one that is tried again is open for a while. */
  private async untoldJobs({ phase, toldAt }: RunEnd): Promise<number> {
    const jobs =
      phase === 'working' ? await this.store.jobsIn(endedJobStates) : (await this.store.listJobs({ limit: 1 })).items;
    return jobs.filter(({ createdAt, endedAt = 0 }) => Math.max(createdAt, endedAt) > toldAt).length;
  }

  private async awaitedWorkers(now: number): Promise<number> {
    const { workerGoneMs } = this.config.runEnd;
    const workers = await this.store.listWorkers();
    const heardOf = (lastSeenAt: number) => now - Math.max(lastSeenAt, this.servingSince) < workerGoneMs;
    return workers.filter(({ state, lastSeenAt }) => state !== 'shutting-down' && heardOf(lastSeenAt)).length;
  }

  private async deadTasks(jobs: readonly Job[]): Promise<Task[]> {
    const dead: Task[] = [];
    for (const { id, counts } of jobs) {
      if (counts.tasks.dead === 0) continue;
      if (dead.length >= mostDeadTold) break;
      const page = await this.store.listTasks(id, { limit: mostDeadTold - dead.length, states: ['dead'] });
      dead.push(...page.items);
    }
    return dead;
  }
}
