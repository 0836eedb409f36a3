/** Object storage that fails now and then, before or after it has done what it was asked. */
import { LongshoreError, type Chance, type Location, type StagedOutput } from '@longshore/core';
import { MemoryObjectStore } from '@longshore/core/testing';

export class FaultyObjects extends MemoryObjectStore {
  /** Share of the calls that fail. */
  trouble = 0;

  constructor(private readonly chance: Chance) {
    super();
  }

  override async publish(location: Location, staged: StagedOutput): Promise<void> {
    this.mayFail();
    await super.publish(location, staged);
    this.mayFail();
  }

  override async abandon(location: Location, staged: StagedOutput): Promise<void> {
    this.mayFail();
    await super.abandon(location, staged);
  }

  override stageContent(location: Location, name: string, content: Buffer): StagedOutput {
    this.mayFail();
    return super.stageContent(location, name, content);
  }

  private mayFail(): void {
    if (this.chance.fraction() < this.trouble) throw new LongshoreError('storage-failed', 'SlowDown.');
  }
}
