/** Speaks the tasks API. */
import type { TaskState } from '@longshore/core';
import type {
  AttemptAnswer,
  ExplainAnswer,
  ObjectAnswer,
  OutputAnswer,
  PageAnswer,
  TaskAnswer,
  TaskDetailAnswer,
} from '@longshore/core/protocol';
import { everyItem, part, type Api } from './api.js';

export interface TaskPage {
  state?: TaskState | undefined;
  limit: number;
  after?: string | undefined;
}

export class TasksClient {
  constructor(private readonly api: Api) {}

  page(jobId: string, { state, limit, after }: TaskPage): Promise<PageAnswer<TaskAnswer>> {
    const query = new URLSearchParams({
      limit: String(limit),
      ...(state !== undefined && { state }),
      ...(after !== undefined && { after }),
    });
    return this.api.get(`/api/v1/jobs/${part(jobId)}/tasks?${query.toString()}`);
  }

  every(jobId: string, state?: TaskState): AsyncIterable<TaskAnswer> {
    const filter = state === undefined ? '' : `&state=${state}`;
    return everyItem(this.api, `/api/v1/jobs/${part(jobId)}/tasks?limit=200${filter}`);
  }

  task(id: string): Promise<TaskDetailAnswer> {
    return this.api.get(taskPath(id));
  }

  explain(id: string): Promise<ExplainAnswer> {
    return this.api.get(taskPath(id, 'explain'));
  }

  objects(id: string, limit: number): Promise<PageAnswer<ObjectAnswer>> {
    return this.api.get(taskPath(id, `objects?limit=${limit}`));
  }

  outputs(id: string, limit: number): Promise<PageAnswer<OutputAnswer>> {
    return this.api.get(taskPath(id, `outputs?limit=${limit}`));
  }

  attempts(id: string): AsyncIterable<AttemptAnswer> {
    return everyItem(this.api, taskPath(id, 'attempts?limit=100'));
  }

  /** With what its container printed. */
  attempt(id: string, number: number): Promise<AttemptAnswer> {
    return this.api.get(taskPath(id, `attempts/${number}`));
  }
}

function taskPath(id: string, rest?: string): string {
  return `/api/v1/tasks/${part(id)}${rest === undefined ? '' : `/${rest}`}`;
}
