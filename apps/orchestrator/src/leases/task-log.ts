/** A line of the log for each move of a task: what fails for all, what goes as it should for those who debug. */
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Happenings } from '../events/happenings.js';
import type { TaskMove } from '../events/watched-store.js';

@Injectable()
export class TaskLog implements OnModuleInit, BeforeApplicationShutdown {
  private readonly log = new Logger('Tasks');
  private unsubscribe: () => void = () => undefined;

  constructor(private readonly happenings: Happenings) {}

  onModuleInit(): void {
    this.unsubscribe = this.happenings.changed.subscribe((change) => {
      if (change.kind === 'task') this.note(change);
    });
  }

  beforeApplicationShutdown(): void {
    this.unsubscribe();
  }

  private note({ task, before, attempt }: TaskMove): void {
    const { id, state, fence } = task;
    const why = attempt?.outcome === 'running' ? undefined : attempt?.failure;
    const fields = {
      job_id: task.jobId,
      task_id: id,
      attempt: before?.lease ? before.fence : fence,
      worker_id: (before?.lease ?? task.lease)?.workerId,
      state,
      ...(attempt && attempt.outcome !== 'running' && { outcome: attempt.outcome }),
      ...(why && { code: why.code, class: why.class }),
    };
    const line = `Task ${id} is ${state}${why ? `: ${why.message}` : ''}`;
    if (state === 'dead') this.log.warn(line, fields);
    else if (why) this.log.log(line, fields);
    else this.log.debug(line, fields);
  }
}
