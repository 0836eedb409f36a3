/** What a task is, told once more and as simply as possible: the model that the store and the rules are compared with. */

export interface ModelTask {
  id: string;
  position: number;
  keys: string[];
  state: 'available' | 'leased' | 'accepted' | 'completed' | 'dead' | 'split' | 'cancelled';
  fence: number;
  failed: number;
  lost: number;
  mayFail: number;
  mayLose: number;
  worker?: string | undefined;
}

export interface Model {
  tasks: ModelTask[];
  /** Fences at which something was accepted, by task. */
  accepted: Map<string, number>;
  maxAttempts: number;
  maxLosses: number;
}

/** Who may say what about which task, and whether he is heard. */
export function isHeard(
  task: ModelTask,
  worker: string,
  fence: number,
  states: readonly ModelTask['state'][],
): boolean {
  return task.worker === worker && task.fence === fence && states.includes(task.state);
}

export function nextToLease({ tasks }: Model): ModelTask | undefined {
  return tasks.filter(({ state }) => state === 'available').sort((one, other) => one.position - other.position)[0];
}

/** A failed or lost attempt: again, in two parts, or dead. */
export function endInModel(model: Model, task: ModelTask, blamesJob: boolean, partId: (part: number) => string): void {
  task.worker = undefined;
  if (blamesJob) task.failed += 1;
  else task.lost += 1;
  const isOut = blamesJob ? task.failed >= task.mayFail : task.lost >= task.mayLose;
  if (!isOut) task.state = 'available';
  else if (task.keys.length === 1) task.state = 'dead';
  else splitInModel(model, task, blamesJob, partId);
}

function splitInModel(model: Model, task: ModelTask, blamesJob: boolean, partId: (part: number) => string): void {
  task.state = 'split';
  const middle = Math.ceil(task.keys.length / 2);
  const halves = [task.keys.slice(0, middle), task.keys.slice(middle)];
  for (const [index, keys] of halves.entries()) {
    model.tasks.push({
      id: partId(index + 1),
      position: task.position + (index === 0 ? 0 : middle),
      keys,
      state: 'available',
      fence: 0,
      failed: 0,
      lost: 0,
      mayFail: keys.length > 1 ? 1 : model.maxAttempts,
      mayLose: blamesJob ? model.maxLosses : Math.min(model.maxLosses, 3),
    });
  }
}
