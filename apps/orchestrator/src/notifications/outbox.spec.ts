import { describe, expect, it } from '@jest/globals';
import { exampleNews, LongshoreError, type Notification, type OutboxEntry } from '@longshore/core';
import { RecordingNotifier } from '@longshore/core/testing';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { until } from '../testing/until.js';
import type { Channel } from './channels.js';

const dayMs = 86_400_000;
const hook = 'webhook:here:1';

/** One job of one object, done. */
async function run(orchestrator: OrchestratorOnFakes, name = 'a'): Promise<string> {
  const workerId = await orchestrator.register();
  orchestrator.putImages(name);
  const job = await orchestrator.submit({ include: [name] });
  await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
  await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
  return job.id;
}

async function entries({ store }: OrchestratorOnFakes): Promise<OutboxEntry[]> {
  return (await store.outbox.list({ limit: 100 })).items;
}

const settled = (orchestrator: OrchestratorOnFakes) =>
  until(async () => (await entries(orchestrator)).every(({ state }) => state !== 'waiting'), 'an empty outbox');

/** With a webhook beside the mail. */
async function withWebhook(): Promise<{ orchestrator: OrchestratorOnFakes; webhook: RecordingNotifier }> {
  const webhook = new RecordingNotifier();
  const orchestrator = await OrchestratorOnFakes.prepared({}, (prepared) => {
    prepared.channels = [...prepared.channels, { name: hook, kind: 'webhook', notifier: webhook }];
  });
  return { orchestrator, webhook };
}

const idsOf = (sent: readonly Notification[]) => sent.map(({ id }) => id);

describe('news that cannot be sent', () => {
  it('G6: waits in the outbox, also through a restart, while the job ends as if nothing were', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    orchestrator.notifier.refuseNext(2);
    const job = await run(orchestrator);
    await until(async () => (await entries(orchestrator))[0]?.failures === 1, 'the first try');
    expect(await entries(orchestrator)).toMatchObject([{ state: 'waiting', reason: 'Nobody can be reached.' }]);
    for (let restarts = 0; restarts < 4 && orchestrator.notifier.sent.length === 0; restarts += 1) {
      await orchestrator.clock.advance(60_000);
      await orchestrator.restart();
      await orchestrator.news(1);
    }
    expect(orchestrator.notifier.sent).toEqual([
      expect.objectContaining({ id: expect.stringContaining(job), subject: expect.stringContaining('completed') }),
    ]);
  });

  it('G6: by one channel keeps no other waiting, and is sent by none twice', async () => {
    const { orchestrator, webhook } = await withWebhook();
    await using _ = orchestrator;
    orchestrator.notifier.refuseNext(3);
    const job = await run(orchestrator);
    await until(() => webhook.sent.length === 1, 'the webhook');
    expect(orchestrator.notifier.sent).toEqual([]);
    for (let tries = 0; tries < 5; tries += 1) {
      await orchestrator.clock.advance(600_000);
      await orchestrator.restart();
    }
    await settled(orchestrator);
    expect([idsOf(webhook.sent), idsOf(orchestrator.notifier.sent)]).toEqual([
      [expect.stringContaining(job)],
      idsOf(webhook.sent),
    ]);
  });

  it('G6: does not hold up another channel by being slow', async () => {
    const { orchestrator, webhook } = await withWebhook();
    await using _ = orchestrator;
    let goOn = () => undefined as void;
    const slow = new Promise<void>((resolve) => (goOn = resolve));
    orchestrator.notifier.notify = () => slow;
    await run(orchestrator);
    await run(orchestrator, 'b');
    await until(() => webhook.sent.length === 2, 'both by the webhook');
    goOn();
  });

  it('G7: is sent again, with the same id, by a process that died before it wrote down that it was sent', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const { store } = orchestrator;
    const settle = store.outbox.settle.bind(store.outbox);
    store.outbox.settle = () => Promise.reject(new LongshoreError('disk-full', 'It died here.'));
    await run(orchestrator);
    const [id] = await orchestrator.news(1);
    store.outbox.settle = settle;
    await orchestrator.restart();
    await settled(orchestrator);
    expect(new Set(idsOf(orchestrator.notifier.sent))).toEqual(new Set([id]));
    expect(orchestrator.notifier.sent[1]).toEqual(orchestrator.notifier.sent[0]);
    await orchestrator.restart();
    expect(orchestrator.notifier.sent).toHaveLength(2);
  });

  it('is told by a process that finds it, when the one that stored it died at once', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const job = await orchestrator.store.createJob({
      id: 'job',
      spec: (await submitted(orchestrator)).spec,
      createdAt: 1,
    });
    const news = exampleNews('job-failed', `job-failed:${job.id}:1`);
    await orchestrator.store.changeJob('job', (found) => ({
      job: found,
      tell: () => [{ id: 'x', channel: 'mail', news }],
    }));
    expect(orchestrator.notifier.sent).toEqual([]);
    await orchestrator.restart();
    expect(await orchestrator.news(1)).toEqual([news.id]);
  });

  it('is set aside with its reason where a second try cannot help', async () => {
    const { orchestrator, webhook } = await withWebhook();
    await using _ = orchestrator;
    webhook.refusal = new LongshoreError('notification-refused', 'It answered 404.');
    webhook.refuseNext(1);
    await run(orchestrator);
    await settled(orchestrator);
    expect((await entries(orchestrator)).find(({ channel }) => channel === hook)).toMatchObject({
      state: 'given-up',
      failures: 1,
      reason: 'It answered 404.',
    });
    await run(orchestrator, 'b');
    await until(() => webhook.sent.length === 1, 'the next news');
  });

  it('switches a receiver off that wants no more, through a restart, until a test reaches it', async () => {
    const { orchestrator, webhook } = await withWebhook();
    await using _ = orchestrator;
    webhook.refusal = new LongshoreError('receiver-gone', 'It answered 410.');
    webhook.refuseNext(1);
    await run(orchestrator);
    await settled(orchestrator);
    await orchestrator.restart();
    await run(orchestrator, 'b');
    await settled(orchestrator);
    expect(webhook.sent).toEqual([]);
    const { body } = await orchestrator.post<object>('/api/v1/notifications/test', { event: 'job-paused' });
    expect(body).toMatchObject({ channels: [{ sent: true }, { channel: hook, sent: true, wanted: true }] });
    await run(orchestrator, 'c');
    await until(() => webhook.sent.length === 2, 'the news after the test');
    expect(webhook.sent[0]).toMatchObject({
      subject: expect.stringMatching(/^\[Test\]/),
      news: { event: 'job-paused' },
    });
  });

  it('is given up by a webhook after a day, and never by a mail', async () => {
    const { orchestrator, webhook } = await withWebhook();
    await using _ = orchestrator;
    webhook.refuseNext(1_000);
    orchestrator.notifier.refuseNext(2);
    await run(orchestrator);
    await until(async () => (await entries(orchestrator)).every(({ failures }) => failures === 1), 'both tries');
    await orchestrator.clock.advance(dayMs);
    await orchestrator.restart();
    await until(async () => (await entries(orchestrator)).every(({ failures }) => failures === 2), 'both tries');
    const states = (await entries(orchestrator)).map(({ channel, state, reason }) => [channel, state, reason]);
    expect(states.sort()).toEqual([
      ['mail', 'waiting', 'Nobody can be reached.'],
      [hook, 'given-up', 'It was tried for a day. Nobody can be reached.'],
    ]);
  });

  it('is set aside, and said in the log, when its channel was taken away', async () => {
    const { orchestrator, webhook } = await withWebhook();
    await using _ = orchestrator;
    webhook.refuseNext(1);
    await run(orchestrator);
    await until(async () => (await entries(orchestrator)).some(({ failures }) => failures === 1), 'the first try');
    orchestrator.channels = orchestrator.channels.filter(({ kind }: Channel) => kind !== 'webhook');
    await orchestrator.restart();
    await settled(orchestrator);
    expect((await entries(orchestrator)).find(({ channel }) => channel === hook)).toMatchObject({
      state: 'given-up',
      reason: 'Its channel is not configured any more.',
    });
  });

  it('is forgotten a month after it was settled', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    await run(orchestrator);
    await settled(orchestrator);
    await orchestrator.clock.advance(29 * dayMs);
    await orchestrator.restart();
    expect(await entries(orchestrator)).toHaveLength(1);
    await orchestrator.clock.advance(dayMs + 1);
    await orchestrator.restart();
    await until(async () => (await entries(orchestrator)).length === 0, 'nothing');
  });
});

async function submitted(orchestrator: OrchestratorOnFakes) {
  orchestrator.putImages('a');
  const { id } = await orchestrator.submit();
  return (await orchestrator.store.findJob(id))!;
}
