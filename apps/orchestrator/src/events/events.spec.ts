import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { adminToken, createToken, lockedOrchestrator } from '../testing/locked-orchestrator.js';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';
import { StreamReader } from '../testing/stream-reader.js';
import { EventRing } from './event-ring.js';

describe('the event stream', () => {
  let orchestrator: OrchestratorOnFakes;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    orchestrator.putImages('a', 'b');
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const open = (path = '/api/v1/events', lastEventId?: string) =>
    StreamReader.open(orchestrator.url + path, lastEventId === undefined ? {} : { 'last-event-id': lastEventId });

  it('tells of a job from its submission to its end, of its tasks, and of workers', async () => {
    await using stream = await open();
    expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/);
    const job = await orchestrator.submit({ batching: { maxObjects: 1 } });
    const workerId = await orchestrator.register();
    for (let task = 0; task < 2; task += 1)
      await orchestrator.finish(workerId, await orchestrator.assignment(workerId));
    await stream.until(({ event, data }) => event === 'job' && data.state === 'completed');
    const last = stream.events.findLast(({ event }) => event === 'job');
    expect(last?.data).toMatchObject({ job_id: job.id, total_tasks: 2, completed_tasks: 2, objects: { completed: 2 } });
    const tasks = stream.events.filter(({ event }) => event === 'task');
    expect(new Set(tasks.filter(({ data }) => data.state === 'completed').map(({ data }) => data.task_id)).size).toBe(
      2,
    );
    expect(stream.events.find(({ event }) => event === 'worker')?.data).toMatchObject({ worker_id: workerId });
  });

  it('goes on behind the last event that a reader knows, and tells none twice', async () => {
    const first = await open();
    await orchestrator.submit();
    const [known] = await first.until(({ event }) => event === 'job');
    await first.close();
    const job = await orchestrator.submit({ output: 's3://results/more/' });
    await using all = await open('/api/v1/events', known!.id);
    await all.until(({ data }) => data.job_id === job.id);
    expect(all.events.map(({ id }) => id)).not.toContain(known!.id);
    const numbers = all.events.map(({ id }) => Number(id.split('-').at(-1)));
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    expect(numbers[0]).toBe(Number(known!.id.split('-').at(-1)) + 1);
  });

  it.each(['of another life-7', 'nonsense', '1-999999'])(
    'says after %s that nobody knows what was missed',
    async (id) => {
      await using stream = await open('/api/v1/events', id);
      const [resync] = await stream.until(({ event }) => event === 'resync');
      expect(resync).toMatchObject({ data: { reason: 'unknown-event' } });
    },
  );

  it('of one job tells of that job alone', async () => {
    const one = await orchestrator.submit();
    await using stream = await open(`/api/v1/jobs/${one.id}/events`);
    const other = await orchestrator.submit({ output: 's3://results/other/' });
    await orchestrator.post(`/api/v1/jobs/${other.id}/pause`);
    await orchestrator.post(`/api/v1/jobs/${one.id}/pause`);
    await stream.until(({ data }) => data.state === 'paused');
    expect(new Set(stream.events.map(({ data }) => data.job_id))).toEqual(new Set([one.id]));
    expect((await orchestrator.ask('GET', '/api/v1/jobs/none/events')).status).toBe(404);
  });

  it('tells of many tasks at once by their number', async () => {
    orchestrator.putImages(...Array.from({ length: 60 }, (_, index) => `more-${index}`));
    const job = await orchestrator.submit({ batching: { maxObjects: 1 } });
    await using stream = await open();
    await orchestrator.post(`/api/v1/jobs/${job.id}/cancel`);
    const [many] = await stream.until(({ event }) => event === 'tasks');
    expect(many?.data).toMatchObject({ job_id: job.id });
    expect(many?.data.count).toBeGreaterThan(20);
    expect(stream.events.filter(({ event }) => event === 'task')).toEqual([]);
  });

  it('is no news that a worker was heard of again', async () => {
    await using stream = await open();
    const workerId = await orchestrator.register();
    await stream.until(({ event }) => event === 'worker');
    for (let beat = 0; beat < 3; beat += 1) await orchestrator.post(`/heartbeat/${workerId}`, { assignments: [] });
    await orchestrator.post(`/api/v1/workers/${workerId}/drain`);
    await stream.until(({ data }) => data.draining === true);
    expect(stream.events.map(({ data }) => data.draining)).toEqual([false, true]);
  });

  it('ends when the orchestrator stops', async () => {
    const stream = await open();
    await orchestrator.restart();
    await stream.ended;
  });
});

describe('the event stream of a reader with a token', () => {
  it('ends when the token is revoked', async () => {
    await using orchestrator = await lockedOrchestrator();
    const { id, token } = await createToken(orchestrator, { role: 'read' });
    const stream = await StreamReader.open(`${orchestrator.url}/api/v1/events`, { authorization: `Bearer ${token}` });
    await orchestrator.ask('DELETE', `/api/v1/tokens/${id}`, { token: adminToken });
    await stream.ended;
  });
});

describe('the last events', () => {
  const event = { event: 'tasks', data: { job_id: 'job', count: 1 } } as const;

  it('are as many as are kept; who knows an older one only is told so', () => {
    const ring = new EventRing('life', 3);
    for (let count = 0; count < 5; count += 1) ring.add(event, 'job');
    expect(ring.after('life-5')).toEqual({ events: [] });
    expect(ring.after('life-2')).toMatchObject({ events: [{ id: 'life-3' }, { id: 'life-4' }, { id: 'life-5' }] });
    expect(ring.after('life-1')).toEqual({ resync: 'too-long-ago' });
    expect(ring.after('life-6')).toEqual({ resync: 'unknown-event' });
    expect(ring.after('other-5')).toEqual({ resync: 'unknown-event' });
  });
});
