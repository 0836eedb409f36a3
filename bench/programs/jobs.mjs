/** Gives a job to an orchestrator and waits for its end, as a program of a user would. */
import { setTimeout as sleep } from 'node:timers/promises';

/** A look takes two milliseconds of processor time; a hundred in a second were measured to take a tenth of two cores from what is measured. */
const LOOK_AGAIN_MS = 100;
const ended = ['completed', 'completed_with_errors', 'failed', 'cancelled'];

/** Resolves with the job once it has ended; anything but a job that is completed is an error. */
export async function runJob(url, request) {
  const job = await submit(url, request);
  for (;;) {
    const found = await (await fetch(`${url}/api/v1/jobs/${job.id}`)).json();
    if (found.state === 'completed') return found;
    if (ended.includes(found.state)) throw new Error(`The job is ${found.state}: ${JSON.stringify(found)}`);
    await sleep(LOOK_AGAIN_MS);
  }
}

async function submit(url, request) {
  const answer = await fetch(`${url}/api/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });
  const job = await answer.json();
  if (!answer.ok) throw new Error(JSON.stringify(job));
  return job;
}
