/** Tasks of a job as the API shows them. */
import type { AttemptAnswer, PageAnswer, TaskAnswer } from '@longshore/core/protocol';
import type { Cluster } from './cluster.js';

/** All tasks of a job, page by page; those in one state only, where one is named. */
export async function tasksOf(cluster: Cluster, jobId: string, state?: TaskAnswer['state']): Promise<TaskAnswer[]> {
  const tasks: TaskAnswer[] = [];
  let after = '';
  do {
    const query = new URLSearchParams({ limit: '50', ...(after && { after }), ...(state && { state }) });
    const page = await cluster.get<PageAnswer<TaskAnswer>>(`/api/v1/jobs/${jobId}/tasks?${query.toString()}`);
    tasks.push(...page.items);
    after = page.next ?? '';
  } while (after !== '');
  return tasks;
}

export async function attemptsOf(cluster: Cluster, taskId: string): Promise<AttemptAnswer[]> {
  return (await cluster.get<{ attempts: AttemptAnswer[] }>(`/api/v1/tasks/${taskId}`)).attempts;
}
