/** What a worker counts of itself. This one forgets it: it is for workers whose metrics nobody asks for. */
import type { WorkStage } from '@longshore/core/protocol';

export const attemptResults = ['completed', 'failed', 'released', 'lost'] as const;
export type AttemptResult = (typeof attemptResults)[number];

export class WorkerMeter {
  /** Slots there are, and those with a task. */
  slots(_all: number, _busy: number): void {}

  stageTook(_stage: WorkStage | 'report', _ms: number): void {}

  attemptEnded(_result: AttemptResult): void {}

  fetched(_bytes: number): void {}

  staged(_bytes: number): void {}

  /** All of it as Prometheus reads it. */
  async text(): Promise<string> {
    return '';
  }
}
