/** The routes that people look at, for a large job: how large each answer is, and how long it takes. */
import { askApi } from '../programs/api.mjs';

const tries = 15;

/** `dead` and `alive` are tasks of the job `million`. */
export async function askRoutes(url, { dead, alive }) {
  const group = (await askApi(url, '/jobs/million/failures')).items[0].id;
  const routes = [
    '/jobs',
    '/jobs?search=million',
    '/jobs/million',
    '/jobs/million/explain',
    '/jobs/million/tasks',
    '/jobs/million/tasks?limit=500',
    '/jobs/million/tasks?state=available',
    '/jobs/million/tasks?state=completed',
    '/jobs/million/tasks?state=dead',
    '/jobs/million/failures',
    '/jobs/million/dead-letters',
    `/jobs/million/dead-letters?group=${group}`,
    '/jobs/million/analytics',
    `/tasks/${dead}`,
    `/tasks/${alive}/objects`,
    '/workers',
    '/workers/worker-1',
    '/analytics/overview',
    '/analytics/jobs-by-type',
    '/analytics/jobs-by-status',
    '/analytics/tasks-by-status',
    '/analytics/timeline?days=30',
    '/analytics/processing-time-stats',
  ];
  const answers = [];
  for (const route of routes) answers.push(await ask(url, route));
  return answers;
}

async function ask(url, route) {
  const times = [];
  let bytes = 0;
  for (let count = 0; count < tries; count += 1) {
    const before = performance.now();
    const response = await fetch(`${url}/api/v1${route}`);
    bytes = (await response.arrayBuffer()).byteLength;
    times.push(performance.now() - before);
    if (response.status !== 200) throw new Error(`${route}: ${response.status}`);
  }
  times.sort((one, other) => one - other);
  return {
    route,
    bytes,
    quickMs: times[0],
    medianMs: times[Math.floor(tries / 2)],
    slowestMs: times.at(-1),
  };
}
