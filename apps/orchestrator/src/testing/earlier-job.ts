/** Jobs on fakes one after the other, over the same input and output. */
import type { JobAnswer } from '@longshore/core/protocol';
import type { OrchestratorOnFakes } from './orchestrator-on-fakes.js';

/** What `OrchestratorOnFakes` puts into its manifests: the SHA-256 of nothing. */
export const image = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** A worker that says which image it runs. */
export async function workerOf(orchestrator: OrchestratorOnFakes, imageDigest = image): Promise<string> {
  const body = { hostname: 'here', plugin: 'echo', image_digest: imageDigest };
  const answer = await orchestrator.post<{ worker_id: string }>('/register', body);
  return answer.body.worker_id;
}

/** A job from its submission to its end, worked on by this worker; resolves with the keys that were run. */
export async function runJob(
  orchestrator: OrchestratorOnFakes,
  workerId: string,
  changes: Record<string, unknown> = {},
): Promise<{ job: JobAnswer; ran: string[] }> {
  const { id } = await orchestrator.submit(changes);
  const ran: string[] = [];
  for (;;) {
    const job = await orchestrator.jobWhen(id, ({ tasks, state }) => tasks.available > 0 || state !== 'running');
    if (job.state !== 'running') return { job, ran: ran.sort() };
    const assignment = await orchestrator.assignment(workerId);
    ran.push(...assignment.file_names);
    await orchestrator.finish(workerId, assignment);
  }
}

/** Names of the records that jobs left. */
export function recordNames({ objects }: OrchestratorOnFakes): string[] {
  return objects.keys('results').filter((key) => key.startsWith('out/.longshore/'));
}
