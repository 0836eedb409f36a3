/** Tells of every change that a store has recorded, so that no feature can forget to. */
import type {
  AccessToken,
  AttemptEnding,
  Job,
  JobStore,
  LeaseQuery,
  ScanStep,
  Task,
  TaskChange,
  TokenChange,
  Worker,
  WorkerTurn,
} from '@longshore/core';
import { LongshoreError } from '@longshore/core';
import type { Signal } from './signal.js';

export type Change =
  | { kind: 'job'; jobId: string; scan?: ScanStep }
  /** Its state or its fence is another one. */
  | ({ kind: 'task' } & TaskMove)
  | { kind: 'worker'; worker: Worker };

export interface TaskMove {
  task: Task;
  /** As it was; absent for a task that is a part of another one. */
  before?: Task;
  /** How its attempt ended, where one did. */
  attempt?: AttemptEnding;
}

type Decide = (task: Task, ...rest: unknown[]) => TaskChange;

/** Everything passes through to the store; what changes something is told once it is on disk. */
export function watchedStore(store: JobStore, changes: Signal<Change>): JobStore {
  const tellTask = (move: TaskMove) => {
    changes.emit({ kind: 'task', ...move });
    changes.emit({ kind: 'job', jobId: move.task.jobId });
  };
  /** A job that moved in many places is told of once. */
  const tellTasks = (told: readonly TaskMove[]) => {
    const jobs = new Set<string>();
    for (const move of told) {
      changes.emit({ kind: 'task', ...move });
      jobs.add(move.task.jobId);
    }
    for (const jobId of jobs) changes.emit({ kind: 'job', jobId });
  };
  const watched: Partial<Record<keyof JobStore, (...given: never[]) => Promise<unknown>>> = {
    createJob: async (...given: Parameters<JobStore['createJob']>) => tellJob(await store.createJob(...given)),
    changeJob: async (...given: Parameters<JobStore['changeJob']>) => tellJob(await store.changeJob(...given)),
    recordScan: async (...given: Parameters<JobStore['recordScan']>) =>
      tellJob(await store.recordScan(...given), given[1]),
    leaseTasks: async (query: LeaseQuery, grant: (task: Task) => Task) => {
      const found = new Map<string, Task>();
      const leased = await store.leaseTasks(query, (before) => {
        found.set(before.id, before);
        return grant(before);
      });
      for (const task of leased) {
        const before = found.get(task.id);
        tellTask({ task, ...(before && { before }) });
      }
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
      tellTasks(moved());
      return tasks;
    },
    takeTurn: async (turn: WorkerTurn) => {
      const found = new Map<string, Task>();
      const noted: (() => TaskMove[])[] = [];
      const changed = turn.changes.map((change) => {
        const { watching, moved } = moves(change.decide as Decide);
        noted.push(moved);
        return { ...change, decide: watching };
      });
      const lease = turn.lease && {
        ...turn.lease,
        grant: (before: Task) => {
          found.set(before.id, before);
          return turn.lease!.grant(before);
        },
      };
      const outcome = await store.takeTurn({ ...turn, changes: changed, ...(lease && { lease }) });
      const leased = outcome.given.flatMap(({ task }) =>
        found.has(task.id) ? { task, before: found.get(task.id)! } : [],
      );
      const refused = (index: number) => outcome.changed[index] instanceof LongshoreError;
      tellTasks([...noted.flatMap((moved, index) => (refused(index) ? [] : moved())), ...leased]);
      changes.emit({ kind: 'worker', worker: outcome.worker });
      return outcome;
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

  function tellJob(job: Job, scan?: ScanStep): Job {
    changes.emit({ kind: 'job', jobId: job.id, ...(scan && { scan }) });
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
function moves(decide: Decide): { watching: Decide; moved: () => TaskMove[] } {
  const found = new Map<string, TaskMove[]>();
  const watching: Decide = (before, ...rest) => {
    const { state, fence } = before;
    const change = decide(before, ...rest);
    const { task, attempt, parts = [] } = change;
    const isMove = task.state !== state || task.fence !== fence;
    const move = { task, before, ...(attempt && { attempt }) };
    found.set(task.id, [...(isMove ? [move] : []), ...parts.map((part) => ({ task: part }))]);
    return change;
  };
  return { watching, moved: () => [...found.values()].flat() };
}
