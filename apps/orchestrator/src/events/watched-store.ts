/** Tells of every change that a store has recorded, so that no feature can forget to. */
import type { AccessToken, Job, JobStore, Task, TokenChange, Worker } from '@longshore/core';
import type { Signal } from './signal.js';

export type Change =
  | { kind: 'job'; jobId: string }
  /** Its state or its fence is another one. */
  | { kind: 'task'; task: Task }
  | { kind: 'worker'; worker: Worker };

type Decide = (task: Task, ...rest: unknown[]) => { task: Task; parts?: Task[] };

/** Everything passes through to the store; what changes something is told once it is on disk. */
export function watchedStore(store: JobStore, changes: Signal<Change>): JobStore {
  const tellTask = (task: Task) => {
    changes.emit({ kind: 'task', task });
    changes.emit({ kind: 'job', jobId: task.jobId });
  };
  const watched: Partial<Record<keyof JobStore, (...given: never[]) => Promise<unknown>>> = {
    createJob: async (...given: Parameters<JobStore['createJob']>) => tellJob(await store.createJob(...given)),
    changeJob: async (...given: Parameters<JobStore['changeJob']>) => tellJob(await store.changeJob(...given)),
    recordScan: async (...given: Parameters<JobStore['recordScan']>) => tellJob(await store.recordScan(...given)),
    leaseTasks: async (...given: Parameters<JobStore['leaseTasks']>) => {
      const leased = await store.leaseTasks(...given);
      leased.forEach(tellTask);
      return leased;
    },
    changeTask: async (id: string, decide: Decide, now: number) => {
      const { watching, moved } = moves(decide);
      const task = await store.changeTask(id, watching, now);
      moved().forEach(tellTask);
      return task;
    },
    changeTasks: async (ids: readonly string[], decide: Decide, now: number) => {
      const { watching, moved } = moves(decide);
      const tasks = await store.changeTasks(ids, watching, now);
      moved().forEach(tellTask);
      return tasks;
    },
    hastenTasks: async (...given: Parameters<JobStore['hastenTasks']>) => {
      const hastened = await store.hastenTasks(...given);
      if (hastened > 0) changes.emit({ kind: 'job', jobId: given[0] });
      return hastened;
    },
    saveWorker: async (worker: Worker, ...rest: []) => {
      await store.saveWorker(worker, ...rest);
      changes.emit({ kind: 'worker', worker });
    },
    changeToken: async (id: string, decide: (token: AccessToken) => TokenChange) => {
      let joined: Worker | undefined;
      const token = await store.changeToken(id, (found) => {
        const change = decide(found);
        joined = change.worker;
        return change;
      });
      if (joined) changes.emit({ kind: 'worker', worker: joined });
      return token;
    },
    changeWorker: async (...given: Parameters<JobStore['changeWorker']>) => {
      const worker = await store.changeWorker(...given);
      changes.emit({ kind: 'worker', worker });
      return worker;
    },
  };

  function tellJob(job: Job): Job {
    changes.emit({ kind: 'job', jobId: job.id });
    return job;
  }

  return new Proxy(store, {
    get: (target, name) => {
      const own = watched[name as keyof JobStore];
      if (own) return own;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Watches a decision, which may be made more than once: only what it made last of each task is stored. A renewal moves nothing. */
function moves(decide: Decide): { watching: Decide; moved: () => Task[] } {
  const found = new Map<string, Task[]>();
  const watching: Decide = (before, ...rest) => {
    const { state, fence } = before;
    const change = decide(before, ...rest);
    const { task, parts = [] } = change;
    const isMove = task.state !== state || task.fence !== fence;
    found.set(task.id, [...(isMove ? [task] : []), ...parts]);
    return change;
  };
  return { watching, moved: () => [...found.values()].flat() };
}
