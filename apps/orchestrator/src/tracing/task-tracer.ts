/** Records the spans of tasks and attempts once they are over, from what the store has recorded: nothing has to be remembered over a restart. */
import { Injectable, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { attemptTrace, Clock, openTaskStates, taskBytes, taskTrace, Tracer } from '@longshore/core';
import { Happenings } from '../events/happenings.js';
import type { TaskMove } from '../events/watched-store.js';
import { Traces } from './traces.js';

@Injectable()
export class TaskTracer implements OnModuleInit, BeforeApplicationShutdown {
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly happenings: Happenings,
    private readonly clock: Clock,
    private readonly tracer: Tracer,
    private readonly traces: Traces,
  ) {}

  onModuleInit(): void {
    if (!this.tracer.isOn) return;
    this.unsubscribe = this.happenings.changed.subscribe((change) => {
      if (change.kind === 'task' && this.traces.hasTask(change.task.id)) this.note(change);
    });
  }

  beforeApplicationShutdown(): void {
    this.unsubscribe();
  }

  private note(move: TaskMove): void {
    this.noteAttempt(move);
    const { task, before } = move;
    if (task.state !== before?.state && !openTaskStates.includes(task.state)) this.noteEnd(move);
  }

  private noteAttempt({ task, before, attempt }: TaskMove): void {
    if (!before?.lease || !attempt || attempt.outcome === 'running') return;
    const { lease, id, fence } = before;
    const { outcome, failure } = attempt;
    this.tracer.record({
      name: 'lease',
      context: attemptTrace(id, fence),
      parent: taskTrace(id),
      startedAt: lease.leasedAt,
      endedAt: this.clock.now(),
      attributes: {
        ...idsOf(task),
        'longshore.attempt': fence,
        'longshore.worker_id': lease.workerId,
        'longshore.outcome': outcome,
        'longshore.waited_ms': Math.max(0, lease.leasedAt - before.availableAt),
        ...(failure && { 'longshore.code': failure.code, 'longshore.class': failure.class }),
      },
      ...(outcome !== 'completed' && { failure: failure?.message ?? outcome }),
    });
  }

  private noteEnd({ task }: TaskMove): void {
    this.tracer.record({
      name: 'task',
      context: taskTrace(task.id),
      startedAt: task.createdAt,
      endedAt: this.clock.now(),
      attributes: {
        ...idsOf(task),
        'longshore.state': task.state,
        'longshore.attempts': task.fence,
        'longshore.objects': task.objects.length,
        'longshore.bytes': taskBytes(task),
      },
      ...(task.state === 'dead' && { failure: task.failure?.message ?? 'dead' }),
    });
  }
}

function idsOf({ id, jobId }: TaskMove['task']): Record<string, string> {
  return { 'longshore.job_id': jobId, 'longshore.task_id': id };
}
