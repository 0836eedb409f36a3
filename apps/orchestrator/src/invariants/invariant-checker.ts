/** Looks whether the invariants hold for the jobs of this orchestrator. */
import { Injectable } from '@nestjs/common';
import {
  brokenInvariants,
  invariants,
  JobStore,
  LongshoreError,
  ObjectStore,
  type Ground,
  type InvariantId,
  type Job,
  type JobPlugin,
  type OutputOptions,
} from '@longshore/core';
import type { InvariantsAnswer } from '@longshore/core/protocol';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { reportNames } from './report-names.js';

const shownAtMost = 20;

export interface Question {
  jobId: string | undefined;
  depth: OutputOptions['depth'];
  exclusive: boolean;
}

@Injectable()
export class InvariantChecker {
  private readonly ground: Ground;

  constructor(
    private readonly store: JobStore,
    objects: ObjectStore,
    private readonly plugins: PluginCatalog,
  ) {
    this.ground = { store, objects, pluginOf: (job) => this.pluginOf(job) };
  }

  /** @throws LongshoreError `job-not-found` */
  async check({ jobId, depth, exclusive }: Question): Promise<InvariantsAnswer> {
    const found = new Map<InvariantId, string[]>();
    let jobs = 0;
    for await (const job of this.jobs(jobId)) {
      jobs += 1;
      const reports = exclusive ? { reports: await reportNames(job, this.pluginOf(job)) } : {};
      for (const [id, sentences] of await brokenInvariants(job.id, this.ground, { depth, ...reports })) {
        found.set(id, [...(found.get(id) ?? []), ...sentences]);
      }
    }
    return {
      holds: found.size === 0,
      jobs,
      invariants: invariants.map(({ id, sentence }) => {
        const violations = found.get(id) ?? [];
        const holds = violations.length === 0;
        return { id, sentence, holds, violations: violations.slice(0, shownAtMost), count: violations.length };
      }),
    };
  }

  private async *jobs(jobId: string | undefined): AsyncIterable<Job> {
    if (jobId !== undefined) {
      const job = await this.store.findJob(jobId);
      if (!job) throw new LongshoreError('job-not-found', `There is no job ${jobId}.`);
      yield job;
      return;
    }
    let after: string | undefined;
    do {
      const page = await this.store.listJobs({ limit: 100, ...(after !== undefined && { after }) });
      yield* page.items;
      after = page.next;
    } while (after !== undefined);
  }

  private pluginOf(job: Job): JobPlugin | undefined {
    return this.plugins.names.includes(job.spec.plugin) ? this.plugins.get(job.spec.plugin) : undefined;
  }
}
