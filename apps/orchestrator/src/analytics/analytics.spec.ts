import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  FailureGroupAnswer,
  JobAnalyticsAnswer,
  JobPageAnswer,
  OverviewAnswer,
  PageAnswer,
  RedriveAnswer,
  TaskAnswer,
  TimelineEntry,
} from '@longshore/core/protocol';
import { OrchestratorOnFakes } from '../testing/orchestrator-on-fakes.js';

describe('numbers about jobs', () => {
  let orchestrator: OrchestratorOnFakes;
  let workerId: string;

  beforeEach(async () => {
    orchestrator = await OrchestratorOnFakes.start({ LONGSHORE_LEASE_SECONDS: '600' });
    orchestrator.putImages('a', 'b', 'c', 'd');
    workerId = await orchestrator.register();
  });
  afterEach(() => orchestrator[Symbol.asyncDispose]());

  const get = async <T>(path: string): Promise<T> => (await orchestrator.get<T>(`/api/v1${path}`)).body;
  const submit = (changes = {}) =>
    orchestrator.submit({ batching: { maxObjects: 1 }, policy: { maxAttempts: 1, retryDelaySeconds: 0 }, ...changes });

  /** Finishes a task after so long. */
  async function finish(afterMs: number): Promise<void> {
    const assignment = await orchestrator.assignment(workerId);
    await orchestrator.clock.advance(afterMs);
    await orchestrator.finish(workerId, assignment);
  }

  async function fail(error: string): Promise<void> {
    const assignment = await orchestrator.assignment(workerId);
    await orchestrator.acknowledge(workerId, assignment);
    await orchestrator.report(workerId, 'failed', assignment, { error, code: 'command-failed', exit_code: 3 });
  }

  it('tell of one job how fast it goes, how long tasks take, what is slow and when it may be done', async () => {
    const job = await submit();
    await finish(2_000);
    await finish(4_000);
    await orchestrator.assignment(workerId);
    await orchestrator.clock.advance(30_000);
    const found = await get<JobAnalyticsAnswer>(`/jobs/${job.id}/analytics`);
    expect(found).toMatchObject({
      processing_time: { count: 2, min_seconds: 2, max_seconds: 4, avg_seconds: 3 },
      stragglers: [{ worker_id: workerId, attempt: 1, object_count: 1, elapsed_seconds: 30 }],
    });
    expect(found.stragglers[0]?.times_median).toBeCloseTo(30 / found.processing_time.median_seconds!, 1);
    expect(found.objects_per_second).toBeCloseTo(2 / 36, 2);
    expect(found.seconds_left).toBeCloseTo(2 / found.objects_per_second!, 1);
    const { steps, step_seconds } = found.throughput;
    expect(step_seconds).toBe(10);
    expect(steps.reduce((sum, step) => sum + step.completed_objects, 0)).toBe(2);
    expect(found.durations.reduce((sum, { count }) => sum + count, 0)).toBe(2);
    expect(await orchestrator.get('/api/v1/jobs/none/analytics')).toMatchObject({ status: 404 });
  });

  it('share the life of a long job in at most 120 steps, however long it is', async () => {
    const job = await submit();
    await finish(1_000);
    await orchestrator.clock.advance(3 * 86_400_000);
    const { throughput } = await get<JobAnalyticsAnswer>(`/jobs/${job.id}/analytics`);
    expect(throughput.steps.length).toBeLessThanOrEqual(120);
    expect(throughput.steps.length * throughput.step_seconds).toBeGreaterThanOrEqual(3 * 86_400);
    expect(throughput.steps[0]).toMatchObject({ completed_tasks: 1 });
  });

  it('tell of all jobs together, in the words of system 001', async () => {
    await submit();
    for (let task = 0; task < 3; task += 1) await finish(1_000);
    await fail('It broke.');
    await orchestrator.news(1);
    const other = await submit({ output: 's3://results/other/' });
    expect(await get<OverviewAnswer>('/analytics/overview')).toMatchObject({
      total_jobs: 2,
      failed_jobs: 1,
      running_jobs: 1,
      success_rate: 0,
      total_tasks: 8,
      completed_tasks: 3,
      failed_tasks: 1,
      pending_tasks: 4,
      avg_processing_time_seconds: 1,
      total_processing_time_seconds: 3,
    });
    expect(await get('/analytics/jobs-by-type')).toEqual({ items: [{ job_type: 'echo', count: 2 }] });
    expect(await get('/analytics/jobs-by-status')).toMatchObject({ items: [{ count: 1 }, { count: 1 }] });
    expect(await get<PageAnswer<object>>('/analytics/tasks-by-status')).toEqual({
      items: [
        { status: 'available', count: 4 },
        { status: 'completed', count: 3 },
        { status: 'dead', count: 1 },
      ],
    });
    const { items } = await get<PageAnswer<TimelineEntry>>('/analytics/timeline?days=30');
    expect(items).toHaveLength(30);
    expect(items.at(-1)).toEqual({ date: '2026-01-01', count: 2 });
    expect(await orchestrator.get('/api/v1/analytics/timeline?days=31')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/days' }] },
    });
    const found = await get<JobPageAnswer>(`/jobs?search=${other.id}&state=running`);
    expect(found).toMatchObject({ total: 1, items: [{ id: other.id, job_type: 'echo', total_tasks: 4 }] });
    expect(found.items[0]).not.toHaveProperty('params');
  });

  it('group failures by cause, and those of one cause can be listed and redriven together', async () => {
    const job = await submit();
    for (const error of ['Cannot read "a".', 'Cannot read "b".', 'The lens cap is on.']) await fail(error);
    const { items } = await get<PageAnswer<FailureGroupAnswer>>(`/jobs/${job.id}/failures`);
    expect(items).toMatchObject([
      { code: 'command-failed', pattern: 'Cannot read ….', failed_attempts: 2, dead_tasks: 2, dead_objects: 2 },
      { pattern: 'The lens cap is on.', failed_attempts: 1, dead_tasks: 1 },
    ]);
    const group = items[0]!.id;
    const letters = await get<PageAnswer<TaskAnswer>>(`/jobs/${job.id}/dead-letters?group=${group}`);
    expect(letters.items.map(({ file_names }) => file_names)).toEqual([['in/a'], ['in/b']]);
    const redriven = await orchestrator.post<RedriveAnswer>(`/api/v1/jobs/${job.id}/redrive`, { group });
    expect(redriven.body).toEqual({ redriven: 2, refused: 0 });
    expect((await get<PageAnswer<TaskAnswer>>(`/jobs/${job.id}/dead-letters`)).items).toMatchObject([
      { file_names: ['in/c'], failure: { message: 'The lens cap is on.' } },
    ]);
    const [left] = (await get<PageAnswer<TaskAnswer>>(`/jobs/${job.id}/dead-letters`)).items;
    const one = await orchestrator.post(`/api/v1/jobs/${job.id}/redrive`, { task: left!.id });
    expect(one.body).toEqual({ redriven: 1, refused: 0 });
  });
});
