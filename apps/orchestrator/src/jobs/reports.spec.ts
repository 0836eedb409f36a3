import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReportFile } from '@longshore/core';
import { aPlugin } from '@longshore/core/testing';
import type { JobAnswer, PageAnswer, ReportAnswer } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

const hostile = 'a "b"\u202e\r\nset-cookie: x=y.html';

describe('the reports of a job', () => {
  let orchestrator: OrchestratorOnFakes;
  let job: JobAnswer;

  beforeEach(async () => {
    function* summarize(): Iterable<ReportFile> {
      yield { name: 'counts.csv', content: ['object,nuclei\n', 'a,7\n'] };
      yield { name: 'tables/by day.json', content: ['{}'] };
    }
    orchestrator = await OrchestratorOnFakes.start({}, [aPlugin({}, { summarize })]);
    orchestrator.putImages('a');
    job = await orchestrator.submit();
    const workerId = await orchestrator.register();
    await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const at = (path = '') => `/api/v1/jobs/${job.id}/reports${path}`;

  it('are listed page by page with their sizes and checksums', async () => {
    const first = (await orchestrator.get<PageAnswer<ReportAnswer>>(at('?limit=1'))).body;
    expect(first.items).toEqual([{ name: 'counts.csv', size_bytes: 18, sha256: expect.stringMatching(/^\w{64}$/) }]);
    const second = (await orchestrator.get<PageAnswer<ReportAnswer>>(at(`?limit=1&after=${first.next}`))).body;
    expect(second.items.map(({ name }) => name)).toEqual(['tables/by day.json']);
    expect(second.next).toBeUndefined();
  });

  it('of a job that has left none are none, and of no job are refused', async () => {
    orchestrator.objects.createBucket('elsewhere');
    const open = await orchestrator.submit({ output: 's3://elsewhere/' });
    expect((await orchestrator.get(`/api/v1/jobs/${open.id}/reports`)).body).toEqual({ items: [] });
    expect(await orchestrator.get('/api/v1/jobs/none/reports')).toMatchObject({ status: 404 });
  });

  it('are handed over as files, whatever is in them', async () => {
    const answer = await fetch(orchestrator.url + at('/counts.csv'));
    expect(await answer.text()).toBe('object,nuclei\na,7\n');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '18',
      'content-disposition': `attachment; filename="counts.csv"; filename*=UTF-8''counts.csv`,
      'x-content-type-options': 'nosniff',
    });
    const other = await fetch(orchestrator.url + at('/tables%2Fby%20day.json'));
    expect(await other.text()).toBe('{}');
    expect(other.headers.get('content-disposition')).toContain(`filename*=UTF-8''by%20day.json`);
  });

  it('S17: have names that reach no other header', async () => {
    orchestrator.objects.put('results', `out/${hostile}`, Buffer.from('<script>'));
    const record = { reports: [{ name: hostile, size_bytes: 8, sha256: '' }] };
    await orchestrator.store.changeRecord(`reports of job ${job.id}`, () => ({ record }));
    const { headers } = await fetch(orchestrator.url + at(`/${encodeURIComponent(hostile)}`));
    expect(headers.get('set-cookie')).toBeNull();
    expect(headers.get('content-type')).toBe('application/octet-stream');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%-]+$/);
  });

  it.each(['a.out', '../in/a', '..%2Fin%2Fa', 'counts.csv%00', 'counts.cs'])(
    'S14: are all that can be read: %s is none of them',
    async (name) => {
      const { status, body } = await orchestrator.get<{ code: string }>(at(`/${name}`));
      expect([status, body.code]).toEqual([404, name.startsWith('../') ? 'route-not-found' : 'report-not-found']);
    },
  );

  it('that were taken away or replaced by another are not found', async () => {
    orchestrator.objects.put('results', 'out/counts.csv', Buffer.from('of another job'));
    expect(await orchestrator.get(at('/counts.csv'))).toMatchObject({
      status: 404,
      body: { code: 'report-not-found', detail: expect.stringContaining('another job') },
    });
  });
});
