import { describe, expect, it } from '@jest/globals';
import { errorCodes, jobStates, taskStates, workerStates } from '@longshore/core';
import { workStages, type JobAnswer } from '@longshore/core/protocol';
import fc from 'fast-check';
import { adminToken, createToken, lockedOrchestrator } from '../testing/locked-orchestrator.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { scraped, type Scraped } from '../testing/scraped.js';

/** A second later, when what was read is good no more. */
async function scrape(orchestrator: OrchestratorOnFakes): Promise<Scraped> {
  await orchestrator.clock.advance(1_000);
  return scraped(await orchestrator.text('/metrics'));
}

async function someJob(orchestrator: OrchestratorOnFakes): Promise<JobAnswer> {
  orchestrator.putImages('a.png', 'b.png', 'c.png', 'd.png');
  return orchestrator.submit({ batching: { maxObjects: 1 }, policy: { maxAttempts: 2, retryDelaySeconds: 1 } });
}

describe('the metrics', () => {
  it('agree with the counts of a job at its end, retries and dead letters among them', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const { id } = await someJob(orchestrator);
    const worker = await orchestrator.register();
    const bad = new Set<string>();
    let failures = 0;
    for (;;) {
      const job = (await orchestrator.get<JobAnswer>(`/api/v1/jobs/${id}`)).body;
      if (job.state === 'completed' || job.state === 'failed') break;
      const { body } = await orchestrator.get<{ assignment: Parameters<typeof orchestrator.finish>[1] | null }>(
        `/assignment/${worker}`,
      );
      if (!body.assignment) {
        await orchestrator.clock.advance(3_000);
        continue;
      }
      const { task_id: taskId } = body.assignment;
      if (bad.size === 0) bad.add(taskId);
      if (!bad.has(taskId)) await orchestrator.finish(worker, body.assignment);
      else {
        failures += 1;
        await orchestrator.acknowledge(worker, body.assignment);
        const details = { error: 'It broke.', stage_ms: { fetch: 20, run: 1_500 } };
        await orchestrator.report(worker, 'failed', body.assignment, details);
      }
    }
    const { counts } = (await orchestrator.store.findJob(id))!;
    const { value } = await scrape(orchestrator);
    expect(counts.tasks).toMatchObject({ completed: 3, dead: 1 });
    expect(failures).toBe(2);
    for (const state of taskStates) {
      expect([state, value('longshore_tasks', { state })]).toEqual([state, counts.tasks[state]]);
      expect([state, value('longshore_objects', { state })]).toEqual([state, counts.objects[state]]);
    }
    for (const state of ['completed', 'dead', 'split', 'cancelled'] as const) {
      expect([state, value('longshore_tasks_ended_total', { state })]).toEqual([state, counts.tasks[state]]);
      expect([state, value('longshore_objects_ended_total', { state })]).toEqual([state, counts.objects[state]]);
      expect([state, value('longshore_task_duration_seconds_count', { state })]).toEqual([state, counts.tasks[state]]);
    }
    expect(value('longshore_jobs', { state: 'failed' })).toBe(1);
    expect(value('longshore_input_bytes_total')).toBe(counts.bytes.completed);
    expect(value('longshore_output_bytes_total')).toBeGreaterThan(0);
    expect(value('longshore_attempts_started_total')).toBe(5);
    expect(value('longshore_lease_wait_seconds_count')).toBe(5);
    expect(value('longshore_attempts_total', { outcome: 'completed' })).toBe(3);
    expect(value('longshore_attempts_total', { outcome: 'failed' })).toBe(2);
    expect(value('longshore_attempt_duration_seconds_count')).toBe(5);
    expect(value('longshore_retries_total', { class: 'job' })).toBe(1);
    expect(value('longshore_stage_duration_seconds_sum', { stage: 'run' })).toBe(3);
    expect(value('longshore_workers', { state: 'idle' }) + value('longshore_workers', { state: 'processing' })).toBe(1);
    expect(value('longshore_slots')).toBe(1);
    expect(value('longshore_scans_running')).toBe(0);
  });

  it('count leases that were taken back, and what comes too late', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    await someJob(orchestrator);
    const [late, other] = [await orchestrator.register(), await orchestrator.register()];
    const lost = await orchestrator.assignment(late);
    await orchestrator.acknowledge(late, lost);
    const rescued = () => orchestrator.store.insight.totals().then(({ tasks }) => tasks.leased === 0);
    for (let tries = 0; tries < 100 && !(await rescued()); tries += 1) {
      await orchestrator.clock.advance(4_000);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await orchestrator.clock.advance(60_000);
    await orchestrator.assignment(other);
    expect((await orchestrator.report(late, 'failed', lost, {})).status).toBe(409);
    const held = { assignment_id: lost.assignment_id, fence: lost.fence };
    expect((await orchestrator.post(`/heartbeat/${late}`, { assignments: [held] })).status).toBe(200);
    const { value } = await scrape(orchestrator);
    expect(value('longshore_rescues_total', { reason: 'lease-expired' })).toBe(1);
    expect(value('longshore_stale_fence_rejections_total')).toBe(2);
    expect(value('longshore_refusals_total', { code: 'stale-fence' })).toBe(2);
    expect(value('longshore_slots_busy')).toBe(1);
    expect(value('longshore_tasks_waiting')).toBe(3);
  });

  it('have labels of a few known words, whatever workers, keys, reports and addresses are called', async () => {
    await using orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_FAILED_TOKENS_PER_MINUTE: '100000' });
    const mark = 'hostile';
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(4), async (noise, which) => {
        const text = `${mark}"\n${noise}}`.toWellFormed();
        const address = encodeURIComponent(text);
        const body = { hostname: text, plugin: text, instance: { name: text }, capabilities: [text] };
        const { worker_id: worker } = (await orchestrator.post<{ worker_id: string }>('/register', body)).body;
        const report = {
          status: text,
          details: { stage_ms: { [text]: 1, run: text }, code: text },
          assignment_id: text,
        };
        await orchestrator.post(`/status/${worker}`, report);
        await orchestrator.ask(['GET', 'POST', 'DELETE', 'PATCH', 'OPTIONS'][which]!, `/${address}`);
        await orchestrator.ask('GET', `/api/v1/jobs/${address}?search=${address}`);
        await orchestrator.ask('GET', `/api/v1/tasks/${address}`, { token: address });
      }),
      { numRuns: 30 },
    );
    const words: Record<string, readonly string[]> = {
      state: [...jobStates, ...taskStates, ...workerStates],
      stage: workStages,
      code: Object.keys(errorCodes),
      reason: Object.keys(errorCodes),
      class: ['job', 'resource', 'infra', 'config'],
      outcome: ['completed', 'failed', 'released', 'expired', 'overtaken', 'cancelled'],
      method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'other'],
      route: [...orchestrator.routes.map(({ path }) => path), 'none'],
      status: ['1xx', '2xx', '3xx', '4xx', '5xx', 'aborted'],
    };
    const text = await orchestrator.text('/metrics');
    expect(text).not.toContain(mark);
    const ours = scraped(text).samples.filter(({ name }) => /^longshore_(?!build_info)/.test(name));
    expect(ours.length).toBeGreaterThan(100);
    for (const { name, labels } of ours) {
      for (const [label, value] of Object.entries(labels)) {
        if (label !== 'le') expect([name, label, (words[label] ?? []).includes(value)]).toEqual([name, label, true]);
      }
    }
  });

  it('ask the store once in a second, however many ask for them', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    let asked = 0;
    const { insight } = orchestrator.store;
    const own = insight.vitalSigns.bind(insight);
    insight.vitalSigns = () => ((asked += 1), own());
    await Promise.all(Array.from({ length: 5 }, () => orchestrator.text('/metrics')));
    expect(asked).toBe(1);
    await scrape(orchestrator);
    expect(asked).toBe(2);
  });

  it('are for those who may read, and for everybody on a machine where nobody needs a token', async () => {
    await using locked = await lockedOrchestrator();
    const { token } = await createToken(locked, { role: 'read' });
    expect((await locked.ask('GET', '/metrics')).status).toBe(401);
    expect((await locked.ask('GET', '/metrics', { token: adminToken })).status).toBe(200);
    const answer = await locked.ask<{ text: string }>('GET', '/metrics', { token });
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.body.text).toContain('longshore_build_info{');
    await using open = await OrchestratorOnFakes.start();
    expect((await open.ask('GET', '/metrics')).status).toBe(200);
  });

  it('count those who watch, and no stream as a request that takes long', async () => {
    await using orchestrator = await OrchestratorOnFakes.start();
    const gaveUp = new AbortController();
    await fetch(`${orchestrator.url}/api/v1/events`, { signal: gaveUp.signal });
    expect((await scrape(orchestrator)).value('longshore_event_subscribers')).toBe(1);
    gaveUp.abort();
    const gone = async () => (await scrape(orchestrator)).value('longshore_event_subscribers') === 0;
    for (let tries = 0; tries < 100 && !(await gone()); tries += 1) await new Promise((r) => setTimeout(r, 10));
    const { value, samples } = await scrape(orchestrator);
    expect(value('longshore_event_subscribers')).toBe(0);
    expect(samples.filter(({ labels }) => labels.route === '/api/v1/events')).toEqual([]);
    expect(
      value('longshore_http_request_duration_seconds_count', { route: '/metrics', status: '2xx' }),
    ).toBeGreaterThan(1);
  });
});
