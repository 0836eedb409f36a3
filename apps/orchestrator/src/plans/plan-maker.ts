/** Says what a job would do, by doing what the planner does and storing nothing. */
import { Injectable, Logger } from '@nestjs/common';
import {
  Chance,
  Clock,
  emptyCounts,
  formatLocation,
  isCutByTime,
  ObjectStore,
  Scratch,
  type Job,
  type JobSpec,
  type LongshoreError,
  type ObjectRef,
} from '@longshore/core';
import type { PlanAnswer, PlanRequest } from '@longshore/core/protocol';
import { scanJob, type Fate } from '../batching/scan.js';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { jobDraft } from '../jobs/job-draft.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { ImageDigests } from '../skipping/image-digests.js';
import { ObjectLayout } from './object-layout.js';
import { PlanTally } from './plan-tally.js';
import { Why } from './why.js';

@Injectable()
export class PlanMaker {
  private readonly log = new Logger(PlanMaker.name);

  constructor(
    private readonly objects: ObjectStore,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly scratch: Scratch,
    private readonly plugins: PluginCatalog,
    private readonly images: ImageDigests,
    private readonly config: OrchestratorConfig,
  ) {}

  /** @throws LongshoreError what a submission would throw, and what the storage throws */
  async plan({ why: asked, object, imageDigest, ...request }: PlanRequest, signal: AbortSignal): Promise<PlanAnswer> {
    const draft = jobDraft(request, this.plugins, this.config.storage);
    const job = this.draft(draft.spec);
    const plugin = this.plugins.get(request.plugin);
    const said = await this.images.said(plugin.name);
    const digest = imageDigest ?? said.digest;
    const wanted = asked ?? object;
    const [tally, why] = [new PlanTally(job, draft.groups), new Why(job.spec, wanted)];
    const isWanted = wanted === undefined ? undefined : (one: ObjectRef) => why.isWanted(one);
    const layout = new ObjectLayout(job.spec, plugin, isWanted);
    let unfit: string | undefined;
    const { objects, clock, chance, scratch } = this;
    const tools = {
      store: tally,
      objects,
      clock,
      chance,
      scratch,
      image: async () => digest,
      warn: (line: string) => this.log.warn(line),
      onTasks: () => undefined,
      onUnfit: (error: LongshoreError) => {
        unfit = error.message;
      },
      onFate: (one: ObjectRef, fate: Fate) => {
        why.note(one, fate);
        layout.note(one, fate);
      },
    };
    await scanJob(job, plugin, tools, signal);
    return {
      plugin: job.spec.plugin,
      plugin_version: job.spec.pluginVersion,
      input: formatLocation(job.spec.input),
      output: formatLocation(job.spec.output),
      skip: job.spec.skip ?? { by: 'none' },
      run: tally.run,
      ...(isCutByTime(job.spec) && { target_seconds: job.spec.batching.targetSeconds }),
      first_tasks: tally.firstTasks,
      ...(tally.lastTask && { last_task: tally.lastTask }),
      done_before: tally.doneBefore,
      skipped: tally.skipped,
      refused: tally.refused,
      reasons: why.reasons,
      image: {
        ...(digest !== undefined && { digest }),
        is_missing: why.reasons.some(({ reason }) => reason === 'image-unknown'),
        said_by_workers: said.digests,
      },
      ...(layout.answer && { layout: layout.answer }),
      ...(draft.groups && { groups: { listed: draft.groups.length, objects_in_none: why.inNoGroup } }),
      ...(unfit !== undefined && { unfit }),
      ...(why.sentences && { why: why.sentences }),
    };
  }

  private draft(spec: JobSpec): Job {
    const counts = { tasks: emptyCounts(), objects: emptyCounts(), bytes: emptyCounts() };
    const scanned = { scan: 'running', objectsListed: 0, objectsSkipped: 0 } as const;
    return { id: this.chance.id(), spec, state: 'running', ...scanned, counts, createdAt: this.clock.now() };
  }
}
