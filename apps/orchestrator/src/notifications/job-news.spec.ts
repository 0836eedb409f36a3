import { describe, expect, it } from '@jest/globals';
import type { ListOptions, Location, News, ObjectRef } from '@longshore/core';
import type { JobAnswer } from '@longshore/core/protocol';
import { MemoryObjectStore } from '@longshore/core/testing';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { until } from '../testing/until.js';

const eventsOf = ({ notifier }: OrchestratorOnFakes) => notifier.sent.map(({ news }) => news.event);
const newsOf = ({ notifier }: OrchestratorOnFakes, event: News['event']) =>
  notifier.sent.map(({ news }) => news).filter((news) => news.event === event);

/** Tasks of one object each, one attempt each. */
async function jobOf(orchestrator: OrchestratorOnFakes, names: string[], policy: object = {}): Promise<string> {
  orchestrator.putImages(...names);
  const request = { include: names, batching: { maxObjects: 1 }, policy: { maxAttempts: 1, ...policy } };
  return (await orchestrator.submit(request)).id;
}

async function fail(orchestrator: OrchestratorOnFakes, workerId: string, error = 'It broke.'): Promise<string> {
  const assignment = await orchestrator.assignment(workerId);
  await orchestrator.acknowledge(workerId, assignment);
  await orchestrator.report(workerId, 'failed', assignment, { code: 'command-failed', error, exit_code: 3 });
  return assignment.task_id;
}

/** Shows three objects, and the others only when it is let go on. */
class HeldListing extends MemoryObjectStore {
  goOn: () => void = () => undefined;
  private readonly held = new Promise<void>((resolve) => (this.goOn = resolve));

  override async *list(location: Location, options?: ListOptions): AsyncIterable<ObjectRef[]> {
    for await (const page of super.list(location, options)) {
      yield page.slice(0, 3);
      await this.held;
      yield page.slice(3);
    }
  }
}

/** Everything that will be told has been. */
const quiet = async ({ store, clock }: OrchestratorOnFakes) =>
  until(async () => (await store.outbox.due(clock.now(), 1)).length === 0, 'an empty outbox');

describe('the news of a job', () => {
  it('that has ended is told once, through a restart, with the counts and dead tasks of that moment', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const workerId = await orchestrator.register();
    const job = await jobOf(orchestrator, ['a', 'b', 'c'], { toleratedDead: 1 });
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    const dead = await fail(orchestrator, workerId);
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    await orchestrator.jobWhen(job, ({ state }) => state === 'completed');
    await orchestrator.news(1);
    await orchestrator.restart();
    await quiet(orchestrator);
    expect(newsOf(orchestrator, 'job-completed')).toMatchObject([
      {
        facts: {
          job: {
            id: job,
            state: 'completed',
            objects: { all: 3, done: 2, dead: 1, open: 0 },
            tolerated: 1,
            dead: [{ taskId: dead, key: 'in/b', reason: 'command-failed', message: 'It broke.' }],
            furtherDead: 0,
            output: 's3://results/out/',
          },
        },
      },
    ]);
  });

  it('that failed is told again when it has failed anew after a redrive', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_FAILURE_THRESHOLD: 'none' });
    const workerId = await orchestrator.register();
    const job = await jobOf(orchestrator, ['a']);
    await fail(orchestrator, workerId);
    await orchestrator.jobWhen(job, ({ state }) => state === 'failed');
    await orchestrator.clock.advance(1_000);
    await orchestrator.post(`/api/v1/jobs/${job}/redrive`, {});
    await fail(orchestrator, workerId, 'It broke again.');
    await orchestrator.news(2);
    await quiet(orchestrator);
    expect(newsOf(orchestrator, 'job-failed').map(({ facts }) => facts.job?.dead[0]?.message)).toEqual([
      'It broke.',
      'It broke again.',
    ]);
    expect(orchestrator.notifier.sent[0]?.text).toContain('in/a (command-failed): It broke.');
    expect(new Set(orchestrator.notifier.sent.map(({ id }) => id)).size).toBe(2);
  });

  it('names the first ten dead tasks, and counts the others', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_FAILURE_THRESHOLD: 'none' });
    const workerId = await orchestrator.register();
    await jobOf(
      orchestrator,
      Array.from({ length: 12 }, (_, index) => `image-${10 + index}`),
    );
    for (let failed = 0; failed < 12; failed += 1) await fail(orchestrator, workerId);
    await orchestrator.news(1);
    const job = newsOf(orchestrator, 'job-failed')[0]?.facts.job;
    expect([job?.objects.dead, job?.dead.length, job?.furtherDead]).toEqual([12, 10, 2]);
  });

  it('that finds nothing to do is told with the reason', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    await jobOf(orchestrator, ['none-of-these'].slice(1));
    await orchestrator.news(1);
    expect(newsOf(orchestrator, 'job-failed')).toMatchObject([{ facts: { failure: { code: 'no-objects' } } }]);
  });

  it('that somebody cancels is told to programs, and by mail only where that is wanted', async () => {
    await using silent = await OrchestratorOnFakes.start();
    await using told = await OrchestratorOnFakes.start({ LONGSHORE_TELL_MAIL: 'job-cancelled' });
    for (const orchestrator of [silent, told]) {
      const job = await jobOf(orchestrator, ['a', 'b']);
      await orchestrator.post(`/api/v1/jobs/${job}/cancel`);
      await orchestrator.post(`/api/v1/jobs/${job}/cancel`);
      await quiet(orchestrator);
    }
    expect([eventsOf(silent), eventsOf(told)]).toEqual([[], ['job-cancelled']]);
  });
});

describe('too many dead objects', () => {
  it('are told once, with what is tolerated, while the job goes on', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_FAILURE_THRESHOLD: '1' });
    const workerId = await orchestrator.register();
    const job = await jobOf(orchestrator, ['a', 'b', 'c', 'd', 'e'], { toleratedDead: '80%' });
    const first = await fail(orchestrator, workerId);
    await quiet(orchestrator);
    expect(eventsOf(orchestrator)).toEqual([]);
    const second = await fail(orchestrator, workerId);
    await orchestrator.news(1);
    await orchestrator.restart();
    await fail(orchestrator, workerId);
    await orchestrator.restart();
    await quiet(orchestrator);
    expect(eventsOf(orchestrator)).toEqual(['threshold-passed']);
    expect(newsOf(orchestrator, 'threshold-passed')).toMatchObject([
      {
        id: `threshold-passed:${job}`,
        facts: {
          threshold: { setting: '1', limit: 1, percent: 40 },
          job: { tolerated: 4, objects: { dead: 2, open: 3 }, dead: [{ taskId: first }, { taskId: second }] },
        },
      },
    ]);
  });

  it('are told while the listing goes on, without waiting for its end', async () => {
    const objects = new HeldListing();
    const prepare = (prepared: OrchestratorOnFakes) => (prepared.objects = objects);
    await using orchestrator = await OrchestratorOnFakes.prepared({ LONGSHORE_FAILURE_THRESHOLD: '1' }, prepare);
    for (const bucket of ['images', 'results']) objects.createBucket(bucket);
    orchestrator.putImages('a', 'b', 'c', 'd');
    const workerId = await orchestrator.register();
    const { body: job } = await orchestrator.post<JobAnswer>('/api/v1/jobs', {
      plugin: 'echo',
      input: 's3://images/in/',
      output: 's3://results/out/',
      batching: { maxObjects: 1 },
      policy: { maxAttempts: 1 },
    });
    for (let dead = 0; dead < 2; dead += 1) await fail(orchestrator, workerId);
    await orchestrator.news(1);
    expect(newsOf(orchestrator, 'threshold-passed')).toMatchObject([
      { facts: { threshold: { limit: 1 }, job: { id: job.id, listing: true, objects: { dead: 2 } } } },
    ]);
    objects.goOn();
    await orchestrator.jobWhen(job.id, ({ scan, objects: { available } }) => scan === 'done' && available === 2);
    await quiet(orchestrator);
    expect(eventsOf(orchestrator)).toEqual(['threshold-passed']);
  });

  it('are told by the next process, when one died before it could', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_FAILURE_THRESHOLD: 'none' });
    const workerId = await orchestrator.register();
    await jobOf(orchestrator, ['a', 'b', 'c']);
    await fail(orchestrator, workerId);
    orchestrator.environment.LONGSHORE_FAILURE_THRESHOLD = '10%';
    await orchestrator.restart();
    expect(await orchestrator.news(1)).toEqual([expect.stringMatching(/^threshold-passed:/)]);
  });

  it('are told with the end of the job alone, when nothing is left to do', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_FAILURE_THRESHOLD: '0' });
    const workerId = await orchestrator.register();
    const job = await jobOf(orchestrator, ['a']);
    await fail(orchestrator, workerId);
    await orchestrator.jobWhen(job, ({ state }) => state === 'failed');
    await orchestrator.news(1);
    await quiet(orchestrator);
    expect(eventsOf(orchestrator)).toEqual(['job-failed']);
  });
});
