/** From a request to a stored job: everything that can be refused is refused before anything is stored. */
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Chance, Clock, JobStore, LongshoreError, type Job } from '@longshore/core';
import type { CreateJobRequest } from '@longshore/core/protocol';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { Doorway } from './doorway.js';
import { jobDraft, type JobDraft } from './job-draft.js';

@Injectable()
export class JobSubmission {
  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly plugins: PluginCatalog,
    private readonly happenings: Happenings,
    private readonly door: Doorway,
    private readonly config: OrchestratorConfig,
  ) {}

  /** @throws LongshoreError `plugin-unknown`, `invalid-parameters`, `location-invalid`, `storage-refused`, `request-differs`, `shutting-down` */
  async submit(request: CreateJobRequest, idempotencyKey: string | undefined): Promise<Job> {
    const draft = this.draftOf(request);
    const { spec } = draft;
    const job = await this.create(draft, idempotencyKey);
    if (!isDeepStrictEqual(JSON.parse(JSON.stringify(job.spec)), JSON.parse(JSON.stringify(spec)))) {
      throw new LongshoreError('request-differs', `The key "${idempotencyKey}" belongs to another job, ${job.id}.`, {
        remedy: 'Use a new Idempotency-Key for each job; the same one means the same job again.',
      });
    }
    this.happenings.jobCreated.emit(job.id);
    return job;
  }

  /** @throws LongshoreError what `submit` would throw before it stores anything */
  check(request: CreateJobRequest): void {
    this.draftOf(request);
  }

  /**
   * The job that was submitted with this key before, whatever has changed since, such as the version of its plugin; else a new one.
   *
   * @throws LongshoreError `plugin-unknown`, `invalid-parameters`, `location-invalid`, `storage-refused`, `shutting-down`
   */
  async submitOnce(request: CreateJobRequest, idempotencyKey: string): Promise<Job> {
    const job = await this.create(this.draftOf(request), idempotencyKey);
    this.happenings.jobCreated.emit(job.id);
    return job;
  }

  private draftOf(request: CreateJobRequest): JobDraft {
    return jobDraft(request, this.plugins, this.config.storage);
  }

  private create(draft: JobDraft, idempotencyKey: string | undefined): Promise<Job> {
    const wish = {
      id: this.chance.id(),
      ...draft,
      createdAt: this.clock.now(),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    };
    return this.door.enter(() => this.store.createJob(wish));
  }
}
