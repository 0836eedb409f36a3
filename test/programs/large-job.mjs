// Serves a job of a million objects, asks for everything that people look at, lets its parent look, and steers the whole job.
import { once } from 'node:events';
import { askRoutes } from '../../bench/memory/routes.mjs';
import { storeLargeJob } from '../../bench/memory/large-job.mjs';
import { cancel, redrive } from '../../bench/memory/steering.mjs';
import { startOrchestrator } from '../../bench/programs/orchestrator.mjs';

const [folder, objects, perTask] = process.argv.slice(2);
const tasks = await storeLargeJob(folder, { objects: Number(objects), perTask: Number(perTask) });
const { url, stop } = await startOrchestrator(folder);
try {
  process.send({ url, answers: await askRoutes(url, tasks) });
  await once(process, 'message');
  process.send({ redriven: await redrive(url), cancelled: await cancel(url) });
} finally {
  await stop();
  process.disconnect();
}
