/** Which tasks are traced, and where what is done for them stands in their trace. */
import { Injectable } from '@nestjs/common';
import {
  attemptTrace,
  childTrace,
  Clock,
  isTraced,
  messageOf,
  readTrace,
  Tracer,
  type Task,
  type TraceContext,
} from '@longshore/core';
import { OrchestratorConfig } from '../configuration/orchestrator-config.js';

export interface Doing {
  name: string;
  /** The span it is done for; what is none, or not recorded, records nothing. */
  parent: unknown;
}

@Injectable()
export class Traces {
  constructor(
    private readonly tracer: Tracer,
    private readonly clock: Clock,
    private readonly config: OrchestratorConfig,
  ) {}

  hasTask(taskId: string): boolean {
    return this.tracer.isOn && isTraced(taskId, this.config.traces.share);
  }

  /** What a worker is told with a lease; undefined where nothing is recorded. */
  ofAttempt({ id, fence }: Pick<Task, 'id' | 'fence'>): TraceContext | undefined {
    return this.hasTask(id) ? attemptTrace(id, fence) : undefined;
  }

  /** Begins something, and gives what records how long it took, and why it failed. */
  begin({ name, parent: told }: Doing): (failure?: string) => void {
    const parent = this.tracer.isOn ? readTrace(told) : undefined;
    if (parent === undefined) return () => undefined;
    const startedAt = this.clock.now();
    return (failure) => {
      const span = { name, context: childTrace(parent), parent, startedAt, endedAt: this.clock.now() };
      this.tracer.record({ ...span, ...(failure !== undefined && { failure }) });
    };
  }

  /** Does something, and records how long it took. */
  async during<T>(doing: Doing, work: () => Promise<T>): Promise<T> {
    const end = this.begin(doing);
    let failure: string | undefined;
    try {
      return await work();
    } catch (thrown) {
      failure = messageOf(thrown);
      throw thrown;
    } finally {
      end(failure);
    }
  }
}
