/** Finds the dead letters that somebody means, and counts them without reading them. */
import { Injectable } from '@nestjs/common';
import { JobStore, type ErrorCode, type FailureGroup, type Page, type PageRequest, type Task } from '@longshore/core';

/** Which dead letters; all, where nothing is said. */
export interface DeadFilter {
  reason?: ErrorCode | undefined;
  key?: string | undefined;
  task?: string | undefined;
  /** A group of failures. */
  group?: string | undefined;
}

export interface DeadNumbers {
  tasks: number;
  /** Objects in them, and those of which nobody would make anything. */
  objects: number;
  refused: number;
}

@Injectable()
export class DeadLetterSearch {
  constructor(private readonly store: JobStore) {}

  /** What the causes of failure count, which change together with the dead letters. */
  async count(jobId: string, { reason, group }: DeadFilter): Promise<DeadNumbers> {
    const sum: DeadNumbers = { tasks: 0, objects: 0, refused: 0 };
    for await (const found of this.groups(jobId)) {
      if ((group !== undefined && found.id !== group) || (reason !== undefined && found.code !== reason)) continue;
      sum.tasks += found.tasks;
      sum.objects += found.objects;
      sum.refused += found.refused;
    }
    return sum;
  }

  async *find(jobId: string, { reason, key, task: taskId, group }: DeadFilter): AsyncIterable<Task> {
    const wanted = (task: Task): boolean =>
      (reason === undefined || task.failure?.code === reason) &&
      (key === undefined || task.objects.some((object) => object.key === key));
    if (taskId !== undefined) {
      const task = await this.store.findTask(taskId);
      if (task?.jobId === jobId && task.state === 'dead' && wanted(task)) yield task;
      return;
    }
    const groups = reason === undefined ? [group] : await this.groupsOf(jobId, reason, group);
    for (const one of groups) {
      for await (const page of this.pages(jobId, one)) yield* page.filter(wanted);
    }
  }

  private async groupsOf(jobId: string, reason: ErrorCode, group: string | undefined): Promise<string[]> {
    const ids: string[] = [];
    for await (const { id, code } of this.groups(jobId)) {
      if (code === reason && (group === undefined || id === group)) ids.push(id);
    }
    return ids;
  }

  private async *groups(jobId: string): AsyncIterable<FailureGroup> {
    for await (const page of everyPage((request) => this.store.insight.failureGroups(jobId, request))) {
      yield* page.filter(({ tasks }) => tasks > 0);
    }
  }

  private pages(jobId: string, group: string | undefined): AsyncIterable<Task[]> {
    return everyPage(async (request) => {
      if (group === undefined) return this.store.listTasks(jobId, { ...request, states: ['dead'] });
      const { items, next } = await this.store.insight.deadLetters(jobId, { ...request, group });
      const tasks = await Promise.all(items.map(({ id }) => this.store.findTask(id)));
      return { items: tasks.filter((task) => task !== undefined), ...(next !== undefined && { next }) };
    });
  }
}

async function* everyPage<T>(ask: (request: PageRequest) => Promise<Page<T>>): AsyncIterable<T[]> {
  let after: string | undefined;
  do {
    const page = await ask({ limit: 200, ...(after !== undefined && { after }) });
    yield page.items;
    after = page.next;
  } while (after !== undefined);
}
