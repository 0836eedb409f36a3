/** Which image the workers of a plugin run: they alone know, and say it when they register. */
import { Injectable } from '@nestjs/common';
import { Clock, JobStore, type Job, type Worker } from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';
import { Happenings } from '../events/happenings.js';

/** A worker that is heard of again tells nobody, so who waits looks again this often. */
const lookAgainMs = 1_000;

export interface ImageSaid {
  /** What the newest worker says. */
  digest: string | undefined;
  /** Workers that are here. */
  workers: number;
  /** Different digests they say. */
  digests: number;
}

@Injectable()
export class ImageDigests {
  private readonly waiting = new Set<string>();

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
    private readonly happenings: Happenings,
  ) {}

  async said(plugin: string): Promise<ImageSaid> {
    const workers = (await this.store.listWorkers()).filter((worker) => this.serves(worker, plugin));
    const telling = workers.filter(({ imageDigest }) => imageDigest !== undefined);
    const [newest] = telling.toSorted((one, other) => other.registeredAt - one.registeredAt);
    const digests = new Set(telling.map(({ imageDigest }) => imageDigest)).size;
    return { digest: newest?.imageDigest, workers: workers.length, digests };
  }

  /** Waits for the first worker. Undefined when those that are here do not say it, as workers of the original system. */
  async await(job: Pick<Job, 'id' | 'spec'>, signal: AbortSignal): Promise<string | undefined> {
    this.waiting.add(job.id);
    try {
      for (;;) {
        signal.throwIfAborted();
        const { digest, workers } = await this.said(job.spec.plugin);
        if (workers > 0) return digest;
        await this.happenings.workerJoined.next(lookAgainMs, signal);
      }
    } finally {
      this.waiting.delete(job.id);
    }
  }

  /** True while the listing of a job waits for a worker to say which image it runs. */
  isAwaitedBy(jobId: string): boolean {
    return this.waiting.has(jobId);
  }

  private serves({ plugin, state, lastSeenAt, imageDigest, protocol }: Worker, wanted: string): boolean {
    const isHere = (state === 'idle' || state === 'processing') && lastSeenAt >= this.clock.now() - this.config.leaseMs;
    // One that speaks our protocol and has no image could not even begin, and is about to leave.
    const canBegin = imageDigest !== undefined || protocol === undefined;
    return isHere && canBegin && (plugin === undefined || plugin === wanted);
  }
}
