import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Assignment, HeartbeatAnswer, TurnAnswer, TurnRequest } from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('a turn', () => {
  let orchestrator: OrchestratorOnFakes;
  let workerId: string;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start();
    workerId = await orchestrator.register();
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const submit = async (...names: string[]) => {
    orchestrator.putImages(...names);
    return orchestrator.submit({ batching: { maxObjects: 1 }, policy: { retryDelaySeconds: 0, ackTimeoutSeconds: 2 } });
  };
  const turn = async (request: TurnRequest, worker = workerId): Promise<TurnAnswer> => {
    const { status, body } = await orchestrator.post<TurnAnswer>(`/turn/${worker}`, request);
    expect({ status, body }).toMatchObject({ status: 200 });
    return body;
  };
  const take = async (max: number) => (await turn({ max })).assignments;
  const named = ({ assignment_id, fence }: Assignment) => ({ assignment_id, fence });
  const completed = async (given: Assignment) => ({
    status: 'completed',
    ...named(given),
    details: { manifest: await orchestrator.manifest(given) },
  });
  const publish = async (given: Assignment) => {
    const location = { bucket: given.output_bucket, prefix: given.output_prefix };
    for (const { outputs } of (await orchestrator.manifest(given)).entries) {
      for (const output of outputs) await orchestrator.objects.publish(location, output);
    }
    return { status: 'published', ...named(given) };
  };
  const states = async (jobId: string) => {
    const { tasks } = await orchestrator.jobWhen(jobId, () => true);
    return Object.fromEntries(Object.entries(tasks).filter(([, count]) => count > 0));
  };

  it('is what every worker is told of that comes in', async () => {
    const { body } = await orchestrator.post('/register', { hostname: 'here', plugin: 'echo' });
    expect(body).toMatchObject({ turns: true });
  });

  it('reports what is done, and gets the next tasks with the verdicts', async () => {
    const job = await submit('a', 'b', 'c');
    const [first, second] = await take(2);
    const answer = await turn({ reports: [await completed(first!), await completed(second!)], max: 2 });
    expect(answer.verdicts).toEqual([{ message: 'recorded' }, { message: 'recorded' }]);
    expect(answer.assignments.map(({ file_names }) => file_names)).toEqual([['in/c']]);
    expect(await states(job.id)).toEqual({ accepted: 2, leased: 1 });
    const third = answer.assignments[0]!;
    await turn({ reports: [await publish(first!), await publish(second!), await completed(third)] });
    await turn({ reports: [await publish(third)] });
    await orchestrator.jobWhen(job.id, ({ state }) => state === 'completed');
  });

  it('F3: judges each report for itself, a stale fence and a faulty manifest among good ones', async () => {
    const job = await submit('a', 'b', 'c', 'd');
    const [stale, lacking, nonsense, good] = await take(4);
    const { details, ...told } = await completed(lacking!);
    const { verdicts } = await turn({
      reports: [
        { ...(await completed(stale!)), fence: 7 },
        { ...told, details: { manifest: { ...details.manifest, entries: [] } } },
        { ...named(nonsense!), status: 'completed', details: { manifest: 5 } },
        { ...named(good!), status: 'dancing' },
        { status: 'published', assignment_id: 'no id', fence: 1 },
        await completed(good!),
        { ...named(nonsense!), status: 'released', details: { reason: 'it is shutting down' } },
      ],
    });
    expect(verdicts.map((verdict) => ('refused' in verdict ? verdict.refused : verdict.message))).toEqual([
      'stale-fence',
      'output-missing',
      'invalid-request',
      'invalid-request',
      'invalid-request',
      'recorded',
      'recorded',
    ]);
    expect(await states(job.id)).toEqual({ available: 2, leased: 1, accepted: 1 });
  });

  it('sent again gets the same verdicts and the same work, and changes nothing', async () => {
    const job = await submit('a', 'b', 'c');
    const [first] = await take(1);
    const request = { reports: [await completed(first!), { ...named(first!), fence: 9, status: 'failed' }], max: 1 };
    const before = await turn({ ...request, request_id: 'one' });
    expect(before.assignments).toHaveLength(1);
    expect(await turn({ ...request, request_id: 'one' })).toEqual(before);
    const assignments = before.assignments.map(named);
    const twice = await Promise.all([0, 1, 2].map(() => turn({ assignments, max: 1, request_id: 'two' })));
    expect(new Set(twice.map(({ assignments }) => assignments[0]?.task_id)).size).toBe(1);
    expect(await states(job.id)).toEqual({ accepted: 1, leased: 2 });
    await orchestrator.restart();
    expect(await turn({ ...request, request_id: 'one' })).toEqual(before);
  });

  it('gives again what the worker has not named since, because the answer may be lost', async () => {
    await submit('a', 'b', 'c');
    const [lost] = await take(1);
    const answer = await turn({ max: 2 });
    expect(answer.assignments.map(({ task_id }) => task_id)).toContain(lost!.task_id);
    expect(answer.assignments).toHaveLength(2);
    const held = answer.assignments.map(named);
    expect((await turn({ assignments: held, max: 4 })).assignments.map(({ file_names }) => file_names)).toEqual([
      ['in/c'],
    ]);
  });

  it('acknowledges what it names, and a heartbeat does so too', async () => {
    await submit('a', 'b', 'c');
    const [byTurn, byHeartbeat, silent] = await take(3);
    await turn({ assignments: [named(byTurn!)] });
    await orchestrator.post<HeartbeatAnswer>(`/heartbeat/${workerId}`, { assignments: [named(byHeartbeat!)] });
    await orchestrator.clock.advance(2_001);
    const other = await orchestrator.register();
    let again: TurnAnswer = { verdicts: [], orders: [], assignments: [] };
    for (let tries = 0; tries < 100 && again.assignments.length === 0; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      again = await turn({ max: 4 }, other);
    }
    expect(again.assignments.map(({ task_id, fence }) => [task_id, fence])).toEqual([[silent!.task_id, 2]]);
  });

  it('renews leases, and orders to let go what is held no more', async () => {
    await submit('a', 'b');
    const [kept, gone] = await take(2);
    await turn({ reports: [{ ...named(gone!), status: 'released' }] });
    const answer = await turn({ assignments: [kept!, gone!].map(named), stats: { cpu: 0.5 } });
    expect(answer.orders).toEqual([{ assignment_id: gone!.assignment_id, order: 'cancel' }]);
    const { body } = await orchestrator.get(`/api/v1/workers/${workerId}`);
    expect(body).toMatchObject({ state: 'processing', stats: { cpu: 0.5 }, held_tasks: 1 });
    await orchestrator.clock.advance(7_000);
    expect((await turn({ assignments: [named(kept!)] })).orders).toEqual([]);
    await orchestrator.clock.advance(7_000);
    expect((await turn({ assignments: [named(kept!)] })).orders).toEqual([]);
  });

  it('gives as much as there is, and nothing to one that wants nothing', async () => {
    await submit('a', 'b');
    expect((await turn({})).assignments).toEqual([]);
    expect(await take(1_000)).toHaveLength(2);
  });

  it('tells a drained worker so, gives it nothing new, and sends it home once it holds nothing', async () => {
    await submit('a', 'b');
    const [held] = await take(1);
    await turn({ assignments: [named(held!)] });
    await orchestrator.post(`/api/v1/workers/${workerId}/drain`);
    expect(await turn({ max: 2, wait: 20 })).toEqual({ verdicts: [], orders: [], drain: true, assignments: [] });
    const last = await turn({ reports: [{ ...named(held!), status: 'released' }], max: 2 });
    expect(last).toMatchObject({ drain: true, assignments: [], shutdown: expect.stringContaining('drained') });
  });

  it('is refused to nobody’s worker, for another cluster, and as nonsense, field by field', async () => {
    expect(await orchestrator.post('/turn/nobody', {})).toMatchObject({
      status: 404,
      body: { code: 'worker-unknown' },
    });
    const headers = { 'longshore-cluster': 'another' };
    expect(await orchestrator.post(`/turn/${workerId}`, {}, headers)).toMatchObject({
      status: 409,
      body: { code: 'wrong-cluster' },
    });
    const body = { reports: [{ assignment_id: 5 }], max: -1, wait: 'long' };
    const { body: problem } = await orchestrator.post<{ errors: { field: string }[] }>(`/turn/${workerId}`, body);
    expect(JSON.stringify(problem)).toMatch(/assignment_id.*|max|wait/);
    expect(problem).toMatchObject({ code: 'invalid-request' });
  });
});
