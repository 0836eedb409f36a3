/** I1: no object is lost and none is in two tasks. */
import { openTaskStates, type Task } from '../words/task.js';
import { broken, type Invariant, type JobInView, type Look } from './invariant.js';

export const everyObjectOnce: Invariant = {
  id: 'I1',
  sentence: 'Every listed object is in exactly one task, and every task ends in exactly one way.',
  look: (view) => new ObjectLook(view),
};

/** Holds the keys of the job: about 100 MB for a million objects. */
class ObjectLook implements Look {
  private readonly owners = new Map<string, string>();
  private readonly split: Task[] = [];

  constructor(private readonly view: JobInView) {}

  task(task: Task): string[] {
    const isOpen = openTaskStates.includes(task.state);
    const violations = broken(
      [task.objects.length === 0, `Task ${task.id} holds no object.`],
      [isOpen && task.endedAt !== undefined, `Task ${task.id} is ${task.state} and has an end.`],
      [!isOpen && task.endedAt === undefined, `Task ${task.id} is ${task.state} and has no end.`],
    );
    if (task.state === 'split') {
      this.split.push(task);
      return violations;
    }
    for (const { key } of task.objects) {
      const owner = this.owners.get(key);
      if (owner !== undefined) violations.push(`The object "${key}" is in two tasks, ${owner} and ${task.id}.`);
      this.owners.set(key, task.id);
    }
    return violations;
  }

  end(): string[] {
    const { id, objectsListed, objectsSkipped } = this.view.job;
    const lost = this.split.flatMap((task) =>
      task.objects
        .filter(({ key }) => !this.owners.has(key))
        .map(({ key }) => `The object "${key}" was lost when task ${task.id} was split.`),
    );
    const taken = objectsListed - objectsSkipped;
    return [
      ...lost,
      ...broken([
        this.owners.size !== taken,
        `Job ${id} took ${taken} objects from its listing, and its tasks hold ${this.owners.size}.`,
      ]),
    ];
  }
}
