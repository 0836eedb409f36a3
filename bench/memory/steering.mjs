/** Orders something for a whole job, and tells how long others waited for their answers meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { askApi } from '../programs/api.mjs';

/** Redrives every dead letter. */
export function redrive(url) {
  return steer(url, 'redrive', ({ tasks }) => tasks.dead === 0);
}

export function cancel(url) {
  return steer(url, 'cancel', ({ tasks }) => tasks.available + tasks.leased === 0);
}

async function steer(url, how, isDone) {
  const startedAt = performance.now();
  await askApi(url, `/jobs/million/${how}`, {});
  const answeredMs = performance.now() - startedAt;
  let slowestMs = 0;
  for (let done = false; !done;) {
    const askedAt = performance.now();
    done = isDone(await askApi(url, '/jobs/million'));
    slowestMs = Math.max(slowestMs, performance.now() - askedAt);
    await sleep(20);
  }
  return { answeredMs, doneMs: performance.now() - startedAt, slowestMs };
}
