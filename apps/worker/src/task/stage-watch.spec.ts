import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { attemptTrace, idsIn, NoTracer, type JobPlugin } from '@longshore/core';
import { aPlugin, RecordingTracer, type ScriptedProgram } from '@longshore/core/testing';
import { anAssignment } from '../testing/assignments.js';
import { TaskBench } from '../testing/task-bench.js';
import { PrometheusMeter } from '../metrics/prometheus-meter.js';

describe('the stages of an attempt', () => {
  let bench: TaskBench;
  let tracer: RecordingTracer;
  const told: (string | undefined)[] = [];
  const programs: Record<string, ScriptedProgram> = {
    copy: async ({ argv, read, write, environment }) => {
      told.push(environment?.TRACEPARENT);
      for (const name of argv.slice(1)) await write(`/outputs/${name}.out`, await read(`/inputs/${name}`));
      return { exitCode: 0 };
    },
    fail: () => ({ exitCode: 7, log: 'it hurts' }),
  };
  const plugin = (program: string, changes: Partial<JobPlugin> = {}): JobPlugin =>
    aPlugin({}, { command: (task) => [program, ...task.objects.map((object) => object.relativeKey)], ...changes });
  const traceparent = attemptTrace('task', 1);
  const run = (program: string, assigned: { traceparent?: string } = { traceparent }, changes = {}) =>
    bench.runAssignment(plugin(program, changes), anAssignment(bench.objects, { a: 'AAA' }, assigned));

  beforeEach(async () => {
    told.length = 0;
    bench = await TaskBench.open(programs);
    tracer = new RecordingTracer();
    bench.tracer = tracer;
  });
  afterEach(() => bench[Symbol.asyncDispose]());

  it('are told with the reports: those of the work when it is done, the publication after it', async () => {
    await run('copy');
    const told = bench.client.reports.map(({ details }) => Object.keys(details?.stage_ms ?? {}));
    expect(told).toEqual([['fetch', 'run', 'stage'], ['publish']]);
    bench.client.reports.length = 0;
    await run('fail');
    expect(bench.client.reports).toMatchObject([
      { status: 'failed', details: { stage_ms: { fetch: expect.any(Number), run: expect.any(Number) } } },
    ]);
  });

  it('are spans below the attempt, and the command knows the one it runs in', async () => {
    await run('copy');
    const { spans } = tracer;
    expect(spans.map(({ name }) => name)).toEqual(['fetch', 'run', 'stage', 'report', 'publish', 'report']);
    expect(spans.every(({ parent }) => parent === traceparent)).toBe(true);
    expect(new Set(spans.map(({ context }) => idsIn(context).spanId)).size).toBe(6);
    expect(told).toEqual([spans[1]?.context]);
    expect(bench.client.reports.map((report) => report.traceparent)).toEqual([spans[3]?.context, spans[5]?.context]);
    expect(spans[0]?.attributes).toEqual({
      'longshore.job_id': 'job',
      'longshore.task_id': 'task',
      'longshore.attempt': 1,
      'longshore.worker_id': 'w',
    });
  });

  it('say what went wrong', async () => {
    await run('fail');
    expect(tracer.spans.map(({ name, failure }) => [name, failure])).toEqual([
      ['fetch', undefined],
      ['run', expect.stringMatching(/exit code 7/)],
      ['report', undefined],
    ]);
  });

  it('are no spans where the orchestrator records none, or says nonsense', async () => {
    await run('copy', {});
    await run('copy', { traceparent: 'nonsense\n$(reboot)' });
    expect(tracer.spans).toEqual([]);
    expect(told).toEqual([undefined, undefined]);
    expect(bench.client.reports.some((report) => 'traceparent' in report)).toBe(false);
  });

  it('hand on the trace of the orchestrator where this worker itself records nothing', async () => {
    bench.tracer = new NoTracer();
    await run('copy');
    expect(told).toEqual([traceparent]);
  });

  it('leave the last word on its environment to the plugin', async () => {
    await run('copy', { traceparent }, { environment: () => ({ TRACEPARENT: 'mine' }) });
    expect(told).toEqual(['mine']);
  });

  it('are counted for those who ask this worker for its metrics', async () => {
    bench.meter = new PrometheusMeter();
    await run('copy');
    await run('fail');
    const text = await bench.meter.text();
    expect(text).toContain('longshore_worker_attempts_total{result="completed"} 1\n');
    expect(text).toContain('longshore_worker_attempts_total{result="failed"} 1\n');
    expect(text).toContain('longshore_worker_stage_duration_seconds_count{stage="run"} 2\n');
    expect(text).toContain('longshore_worker_stage_duration_seconds_count{stage="publish"} 1\n');
    expect(text).toContain('longshore_worker_fetched_bytes_total 6\n');
    expect(text).toContain('longshore_worker_staged_bytes_total 3\n');
    expect(text).not.toMatch(/"task"|"job"|task\.1/);
  });
});
