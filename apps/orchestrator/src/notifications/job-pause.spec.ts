import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { aPlugin } from '@longshore/core/testing';
import type { AssignmentAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { until } from '../testing/until.js';

const denied = { code: 'access-denied', error: 'The bucket images is closed. Allow s3:GetObject.' };

const pausedBy = (code: string, { state, failure }: { state: string; failure?: { code: string } | undefined }) =>
  state === 'paused' && failure?.code === code;

/** As many tasks of one object each, leased to one worker. */
async function lease(orchestrator: OrchestratorOnFakes, workerId: string, count: number) {
  const { body } = await orchestrator.get<AssignmentAnswer>(`/assignment/${workerId}?max=${count}`);
  return body.assignments!;
}

/** Everything people were told and will be told: what is sent, and what still lies in the outbox. */
async function told({ store, notifier, clock }: OrchestratorOnFakes): Promise<string[]> {
  await until(async () => (await store.outbox.due(clock.now(), 10)).length === 0, 'an empty outbox');
  return notifier.sent.map(({ id }) => id);
}

describe('a job that a fault pauses', () => {
  it('F16: tells people once what, where, why and how to go on, and again only when a fault pauses it anew', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const workerId = await orchestrator.register();
    orchestrator.putImages('1', '2', '3', '4');
    const job = await orchestrator.submit({ batching: { maxObjects: 1 } });
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    const [first, second] = await lease(orchestrator, workerId, 2);
    await orchestrator.report(workerId, 'failed', first!, denied);
    await orchestrator.clock.advance(1);
    await orchestrator.report(workerId, 'failed', second!, denied);
    const pausedAt = orchestrator.clock.now() - 1;
    expect(await told(orchestrator)).toEqual([`job-paused:${job.id}:${pausedAt}`]);
    expect(orchestrator.notifier.sent[0]).toMatchObject({
      id: `job-paused:${job.id}:${pausedAt}`,
      subject: `Job ${job.id} (echo) paused: access-denied`,
      text: expect.stringMatching(
        new RegExp(
          [
            `cannot help \\(access-denied\\): ${denied.error}`,
            `Task ${first!.task_id} met it on worker ${workerId}\\.`,
            'The input is s3://images/in/, results lie in s3://results/out/\\.',
            'So far 1 of 4 objects are done, 0 are set aside\\.',
            '.*',
            `Mend the cause, then go on with: longshore resume ${job.id}\n$`,
          ].join('\n'),
        ),
      ),
    });

    await orchestrator.post(`/api/v1/jobs/${job.id}/resume`);
    await orchestrator.report(workerId, 'failed', await orchestrator.assignment(workerId), {
      code: 'location-not-found',
      error: 'The bucket results is gone.',
    });
    expect(await told(orchestrator)).toHaveLength(2);
    expect(orchestrator.notifier.sent[1]).toMatchObject({ subject: expect.stringContaining('location-not-found') });
  });

  it('F16: tells people in a run of nobody watching too, whose jobs send no other mail of their own', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_SHUTDOWN: 'exit' });
    const workerId = await orchestrator.register();
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    await orchestrator.report(workerId, 'failed', await orchestrator.assignment(workerId), denied);
    expect(await orchestrator.news(1)).toEqual([expect.stringMatching(`^job-paused:${job.id}:`)]);
    await orchestrator.post(`/api/v1/jobs/${job.id}/resume`);
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    await orchestrator.post(`/status/${workerId}`, { status: 'shutting-down', details: {} });
    expect(await orchestrator.news(2)).toEqual([
      expect.stringMatching('^job-paused:'),
      expect.stringMatching('^run-ended:'),
    ]);
  });

  it('F16: tells nobody when a person has paused it, whatever fails then', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const workerId = await orchestrator.register();
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    await orchestrator.post(`/api/v1/jobs/${job.id}/pause`);
    await orchestrator.report(workerId, 'failed', assignment, denied);
    await orchestrator.jobWhen(job.id, ({ state, tasks }) => state === 'paused' && tasks.available === 1);
    expect(await told(orchestrator)).toEqual([]);
  });

  it('F16: tells people once of a publication that is denied, although it is tried again all the time', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const workerId = await orchestrator.register();
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    const assignment = await orchestrator.assignment(workerId);
    const manifest = await orchestrator.manifest(assignment);
    const publish = orchestrator.objects.publish.bind(orchestrator.objects);
    let tries = 0;
    orchestrator.objects.publish = () => {
      tries += 1;
      return Promise.reject(new LongshoreError('access-denied', 'The bucket results is closed.'));
    };
    await orchestrator.report(workerId, 'completed', assignment, { manifest });
    await orchestrator.clock.advance(8_001);
    await orchestrator.jobWhen(job.id, (found) => pausedBy('access-denied', found));
    const before = tries;
    await until(async () => {
      await orchestrator.clock.advance(8_001);
      return tries >= before + 2;
    }, 'two more tries');
    expect(await told(orchestrator)).toEqual([expect.stringMatching(`^job-paused:${job.id}:`)]);
    expect(orchestrator.notifier.sent[0]!.text).toContain(`while it published task ${assignment.task_id}`);
    orchestrator.objects.publish = publish;
    await orchestrator.post(`/api/v1/jobs/${job.id}/resume`);
    await orchestrator.clock.advance(8_001);
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
  });

  it.each([
    ['listing', false, 'while it listed the input'],
    ['end', true, 'when every task was settled'],
  ])('F16: tells people of a plugin that is missing at its %s after a restart', async (_, listed, where) => {
    const plugins = [aPlugin()];
    await using orchestrator = await OrchestratorOnFakes.start({}, plugins);
    orchestrator.putImages('a');
    const job = await orchestrator.submit();
    await orchestrator.store.changeJob(job.id, (found) => ({ job: { ...found, scan: 'running' } }));
    if (listed) {
      const dead = { tasks: [], objectsListed: 1, objectsSkipped: 0, done: true };
      for (const { id } of (await orchestrator.store.listTasks(job.id, { limit: 10 })).items) {
        await orchestrator.store.changeTask(id, (task) => ({ task: { ...task, state: 'dead', endedAt: 1 } }), 1);
      }
      await orchestrator.store.recordScan(job.id, dead, 1);
    }
    plugins.splice(0, 1, aPlugin({}, { name: 'other' }));
    await orchestrator.restart();
    await orchestrator.jobWhen(job.id, (found) => pausedBy('plugin-unknown', found));
    await orchestrator.restart();
    expect(await told(orchestrator)).toEqual([expect.stringMatching(`^job-paused:${job.id}:`)]);
    expect(orchestrator.notifier.sent[0]!.text).toContain(where);
  });
});
