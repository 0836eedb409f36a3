/** From a request to a stored job: everything that can be refused is refused before anything is stored. */
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import {
  allowStorage,
  Chance,
  Clock,
  defaultBatchingRule,
  defaultJobPolicy,
  formatLocation,
  JobStore,
  LongshoreError,
  parseLocation,
  readParams,
  refuseFolderSettings,
  sameLocation,
  withStorage,
  type Job,
  type JobPlugin,
  type JobSpec,
} from '@longshore/core';
import { storageSettings, type CreateJobRequest } from '@longshore/core/protocol';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';
import { PluginCatalog } from '../plugins/plugin-catalog.js';
import { Doorway } from './doorway.js';

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
    const spec = this.allowedSpec(request);
    const job = await this.create(spec, idempotencyKey);
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
    this.allowedSpec(request);
  }

  private allowedSpec(request: CreateJobRequest): JobSpec {
    const spec = jobSpec(request, this.plugins.get(request.plugin));
    for (const location of [spec.input, spec.output]) allowStorage(location, this.config.storage);
    return spec;
  }

  /**
   * The job that was submitted with this key before, whatever has changed since, such as the version of its plugin; else a new one.
   *
   * @throws LongshoreError `plugin-unknown`, `invalid-parameters`, `location-invalid`, `shutting-down`
   */
  async submitOnce(request: CreateJobRequest, idempotencyKey: string): Promise<Job> {
    const job = await this.create(jobSpec(request, this.plugins.get(request.plugin)), idempotencyKey);
    this.happenings.jobCreated.emit(job.id);
    return job;
  }

  private create(spec: JobSpec, idempotencyKey: string | undefined): Promise<Job> {
    const wish = {
      id: this.chance.id(),
      spec,
      createdAt: this.clock.now(),
      ...(idempotencyKey !== undefined && { idempotencyKey }),
    };
    return this.door.enter(() => this.store.createJob(wish));
  }
}

function jobSpec(request: CreateJobRequest, plugin: JobPlugin): JobSpec {
  const input = withStorage(parseLocation(request.input), storageSettings(request.storage?.input));
  const output = withStorage(parseLocation(request.output), storageSettings(request.storage?.output));
  refuseFolderSettings(input, 'input');
  refuseFolderSettings(output, 'output');
  if (sameLocation(input, output)) {
    throw new LongshoreError('location-invalid', `Input and output are both ${formatLocation(input)}.`, {
      remedy: 'Name another place for the output, so that results are not taken for inputs.',
    });
  }
  const { timeoutSeconds = defaultJobPolicy.timeoutSeconds } = plugin;
  return {
    plugin: plugin.name,
    pluginVersion: plugin.version,
    params: { ...readParams(plugin, request.params ?? {}) },
    input,
    output,
    include: request.include ?? [...plugin.layout.include],
    exclude: request.exclude ?? [...plugin.layout.exclude],
    batching: { ...defaultBatchingRule, ...given(request.batching) },
    policy: { ...defaultJobPolicy, timeoutSeconds, ...given(request.policy) },
  };
}

/** Only the fields somebody gave; validation leaves undefined ones on the instance. */
function given<T extends object>(message: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(message ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}
