/** The tasks of a job, page by page. */
import type { JobStore } from '../ports/job-store.js';
import type { Task } from '../words/task.js';

export async function* everyTask(store: JobStore, jobId: string): AsyncGenerator<Task> {
  let after: string | undefined;
  do {
    const page = await store.listTasks(jobId, { limit: 200, ...(after !== undefined && { after }) });
    yield* page.items;
    after = page.next;
  } while (after !== undefined);
}
