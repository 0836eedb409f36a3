/** Made-up news of each event: for trying templates and channels out. */
import { newsFacts } from './facts.js';
import type { JobFacts, News, NewsEvent, NewsFacts } from './news.js';

const at = Date.UTC(2026, 0, 2, 3, 4, 5);
const id = '019b7c31-5c00-7000-8000-000000000001';
const commands = [`longshore dead ${id}`, `longshore redrive ${id}`];

const deadTask = {
  jobId: id,
  taskId: '019b7c31-5c00-7000-8000-000000000002',
  key: 'plate-7/well-b03.tif',
  others: 1,
  reason: 'out-of-memory',
  message: 'The container needed more than its 512 MiB of memory.',
} as const;

const job: JobFacts = {
  id,
  plugin: 'rgo-segmentation',
  state: 'completed',
  input: 's3://microscopy/plate-7/',
  output: 's3://results/plate-7/',
  listing: false,
  objects: { all: 384, done: 380, dead: 4, open: 0, cancelled: 0, skipped: 3, before: 12, unverified: 2 },
  tolerated: 7,
  dead: [deadTask],
  furtherDead: 2,
  createdAt: new Date(at - 3_900_000).toISOString(),
  endedAt: new Date(at).toISOString(),
  took: '1 h 4 min',
};

const unfinished: JobFacts = {
  ...job,
  state: 'running',
  objects: { ...job.objects, done: 200, dead: 60, open: 124 },
  furtherDead: 58,
  endedAt: null,
  took: null,
};

/** Everything there may be, so that every name a template may use is found in it. */
export const everyFact: NewsFacts = {
  job,
  failure: {
    code: 'access-denied',
    message: 'The bucket results is closed.',
    objectKey: deadTask.key,
    where: `Task ${deadTask.taskId} met it on worker ${id}.`,
  },
  threshold: { setting: '10%', limit: 38, percent: 15.6 },
  waiting: {
    plugin: 'rgo-segmentation',
    tasks: 39,
    since: new Date(at - 300_000).toISOString(),
    seconds: 300,
    jobs: [{ id, tasks: 39 }],
    furtherJobs: 1,
    workers: { draining: 1, ofOtherPlugins: 2 },
  },
  run: {
    objects: { done: 380, dead: 4, skipped: 3, cancelled: 1 },
    jobs: [
      {
        id,
        plugin: job.plugin,
        state: 'failed',
        input: job.input,
        output: job.output,
        done: 380,
        dead: 4,
        skipped: 3,
        cancelled: 1,
        failure: '4 of 384 objects are set aside as dead letters.',
      },
    ],
    failed: 1,
    furtherJobs: 1,
    dead: [deadTask],
    furtherDead: 2,
    workers: { all: 8, lost: 1 },
    startedAt: new Date(at - 3_900_000).toISOString(),
    endedAt: new Date(at).toISOString(),
    took: '1 h 5 min',
    next: 'The machine of the orchestrator is stopped now, unless a new job comes.',
  },
  earlier: { subject: 'Longshore: 380 objects done', text: '380 objects are done.' },
  commands,
  test: true,
};

const { failure, threshold, waiting, run, earlier } = everyFact;
const verdict = { code: 'command-failed', message: '4 of 384 objects are set aside as dead letters.' } as const;

const examples: Record<NewsEvent, Partial<NewsFacts>> = {
  'job-completed': { job, commands },
  'job-failed': {
    job: { ...job, state: 'failed', tolerated: 0 },
    failure: { ...verdict, objectKey: null, where: null },
    commands,
  },
  'job-cancelled': {
    job: { ...unfinished, state: 'cancelled', endedAt: job.endedAt, took: job.took },
    commands: [`longshore dead ${id}`],
  },
  'job-paused': { job: { ...unfinished, state: 'paused' }, failure, commands: [`longshore resume ${id}`] },
  'threshold-passed': { job: unfinished, threshold, commands: [`longshore pause ${id}`] },
  'no-workers': { waiting, commands: ['longshore worker --plugin rgo-segmentation'] },
  'run-ended': { run },
  'not-shut-down': {
    failure: { code: 'access-denied', message: 'This machine may not stop itself.', objectKey: null, where: null },
  },
  earlier: { earlier },
};

export function exampleNews(event: NewsEvent, newsId = `example:${event}`, now = at): News {
  return { id: newsId, event, at: now, facts: newsFacts({ ...structuredClone(examples[event]), test: true }) };
}
