import { describe, expect, it } from '@jest/globals';
import type { NotificationAnswer, PageAnswer, TestNotificationAnswer } from '@longshore/core/protocol';
import { RecordingNotifier } from '@longshore/core/testing';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { until } from '../testing/until.js';

type Page = PageAnswer<NotificationAnswer>;

async function newest(orchestrator: OrchestratorOnFakes, query = ''): Promise<Page> {
  return (await orchestrator.get<Page>(`/api/v1/notifications${query}`)).body;
}

describe('the notifications of the API', () => {
  it('show what waits, was sent and was given up, page by page, the newest first', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_TELL_MAIL: 'job-cancelled' });
    orchestrator.putImages('a');
    const jobs: string[] = [];
    for (let job = 0; job < 3; job += 1) {
      if (job === 2) orchestrator.notifier.refuseNext(1);
      const { id } = await orchestrator.submit();
      await orchestrator.post(`/api/v1/jobs/${id}/cancel`);
      jobs.unshift(id);
      await until(async () => (await newest(orchestrator)).items[0]?.attempts === 1, 'a try');
    }
    const first = await newest(orchestrator, '?limit=2');
    expect(first.items).toMatchObject([
      {
        job_id: jobs[0],
        channel: 'mail',
        event: 'job-cancelled',
        state: 'waiting',
        attempts: 1,
        reason: 'Nobody can be reached.',
      },
      {
        job_id: jobs[1],
        news_id: expect.stringMatching(/^job-cancelled:/),
        state: 'sent',
        settled_at: expect.any(String),
      },
    ]);
    expect(Date.parse(first.items[0]!.next_try_at!)).toBe(orchestrator.clock.now() + 2_000);
    const rest = await newest(orchestrator, `?limit=2&after=${encodeURIComponent(first.next!)}`);
    expect([rest.items.map(({ job_id }) => job_id), rest.next]).toEqual([[jobs[2]], undefined]);
    expect((await newest(orchestrator, '?state=waiting')).items).toHaveLength(1);
    expect((await orchestrator.get('/api/v1/notifications?state=lost')).status).toBe(400);
  });

  it('try every channel out, and say what each answered', async () => {
    const silent = new RecordingNotifier();
    silent.refuseNext(1);
    await using orchestrator = await OrchestratorOnFakes.prepared({ LONGSHORE_TELL_WEBHOOK: 'none' }, (prepared) => {
      prepared.channels.push({ name: 'webhook:here:1', kind: 'webhook', notifier: silent });
    });
    const { body } = await orchestrator.post<TestNotificationAnswer>('/api/v1/notifications/test', {
      event: 'run-ended',
    });
    expect(body).toEqual({
      event: 'run-ended',
      channels: [
        { channel: 'mail', wanted: true, sent: true },
        { channel: 'webhook:here:1', wanted: false, sent: false, reason: 'Nobody can be reached.' },
      ],
    });
    expect(orchestrator.notifier.sent).toMatchObject([
      { id: expect.stringMatching(/^test:run-ended:/), news: { facts: { test: true } } },
    ]);
    expect((await newest(orchestrator)).items).toEqual([]);
    expect((await orchestrator.post('/api/v1/notifications/test', { event: 'earlier' })).status).toBe(400);
  });
});
