/** Gives a job to an orchestrator and waits for its end, as a program of a user would. */
import { setTimeout as sleep } from 'node:timers/promises';
import { askApi } from './api.mjs';

/** A look takes two milliseconds of processor time; a hundred in a second were measured to take a tenth of two cores from what is measured. */
const LOOK_AGAIN_MS = 100;
/** A job that is paused waits for a person. */
const stuck = ['paused', 'failed', 'cancelled'];

/** Resolves with the job once it has ended; anything but a job that is completed is an error. */
export async function runJob(url, request) {
  const job = await askApi(url, '/jobs', request);
  for (;;) {
    const found = await askApi(url, `/jobs/${job.id}`);
    if (found.state === 'completed') return found;
    if (stuck.includes(found.state)) throw new Error(`The job is ${found.state}: ${JSON.stringify(found)}`);
    await sleep(LOOK_AGAIN_MS);
  }
}
