/** What real processes tell to those who watch: numbers, lines and traces of one small job. */
import { describe, expect, it } from '@jest/globals';
import { freePort, TraceReceiver, type ReceivedSpan } from '@longshore/adapters/testing';
import { idsIn } from '@longshore/core';
import { Cluster } from './support/cluster.js';
import { eventually, repository } from './support/process.js';
import { filesBelow, Sandbox } from './support/sandbox.js';

const plugin = `${repository}/test/plugins/traced.mjs`;

type Line = Record<string, unknown>;

/** Every line, and each must be one. */
const linesOf = (stdout: string): Line[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

const sample = (text: string, name: string) =>
  Number(
    text
      .split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1],
  );

describe('those who watch', () => {
  it('read the counts of a job, lines with ids as fields, and one trace for each task through both processes', async () => {
    await using sandbox = await Sandbox.open();
    const names = ['a.txt', 'b.txt', 'c.txt'];
    for (const name of names) await sandbox.write(`in/${name}`, name);
    await using receiver = await TraceReceiver.start();
    const port = await freePort();
    await using cluster = await Cluster.start(sandbox, {
      LONGSHORE_PLUGINS: plugin,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    });
    const worker = cluster.startWorker('watched', plugin, {
      LONGSHORE_METRICS_PORT: String(port),
      LONGSHORE_LOG_LEVEL: 'debug',
    });
    const places = { input: sandbox.path('in'), output: sandbox.path('out') };
    const job = await cluster.submit({ plugin: 'traced', ...places, batching: { maxObjects: 1 } });
    await cluster.jobWhen(job.id, ({ state }) => state === 'completed');

    const ofOrchestrator = await cluster.text('/metrics');
    expect(sample(ofOrchestrator, 'longshore_tasks_ended_total{state="completed"}')).toBe(3);
    expect(sample(ofOrchestrator, 'longshore_objects{state="completed"}')).toBe(3);
    expect(sample(ofOrchestrator, 'longshore_stage_duration_seconds_count{stage="run"}')).toBe(3);
    expect(sample(ofOrchestrator, 'longshore_slots')).toBe(1);
    expect(sample(ofOrchestrator, 'process_resident_memory_bytes')).toBeGreaterThan(1e6);
    const ofWorker = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(sample(ofWorker, 'longshore_worker_attempts_total{result="completed"}')).toBe(3);
    expect(sample(ofWorker, 'longshore_worker_fetched_bytes_total')).toBe(15);

    const [ofIt, itself] = [await worker.stop(), await cluster.orchestrator.stop()];
    const begun = linesOf(ofIt.stdout).filter(({ level }) => level === 'debug');
    expect(begun.filter(({ job_id }) => job_id === job.id)).toHaveLength(3);
    expect(linesOf(itself.stdout)).toContainEqual(
      expect.objectContaining({ process: 'orchestrator', url: cluster.url }),
    );
    expect(linesOf(itself.stdout).filter(({ context }) => context === 'RouterExplorer')).toEqual([]);

    const traces = await eventually(
      () => {
        const found = Map.groupBy(receiver.spans, ({ context }) => idsIn(context).traceId);
        const isWhole =
          found.size === 3 && [...found.values()].every((spans) => spans.some(({ name }) => name === 'task'));
        return isWhole ? [...found.values()] : undefined;
      },
      10_000,
      () => `three traces in ${JSON.stringify(receiver.spans.map(({ name }) => name))}`,
    );
    for (const spans of traces) expectWhole(spans);
    const written = [...(await filesBelow(sandbox.path('out'))).values()].map(String);
    const runs = receiver.spans.filter(({ name }) => name === 'run').map(({ context }) => context);
    expect(written.sort()).toEqual(runs.sort());
  });
});

function expectWhole(spans: ReceivedSpan[]): void {
  const named = (name: string) => spans.filter((span) => span.name === name);
  const [[task], [lease]] = [named('task'), named('lease')];
  expect(lease?.parent).toBe(task?.context);
  for (const name of ['fetch', 'run', 'stage', 'publish', 'report']) {
    for (const span of named(name)) {
      expect([name, span.parent, span.service]).toEqual([name, lease?.context, 'longshore-worker']);
      expect(span.endedAt).toBeGreaterThanOrEqual(span.startedAt);
    }
  }
  // One that was taken ahead says when it begins.
  const beginnings = named('acknowledge');
  expect(beginnings.length).toBeLessThan(2);
  const names = spans.map(({ name, service }) => `${name} ${service.replace('longshore-', '')}`);
  expect(names.sort()).toEqual(
    [
      ...['fetch', 'run', 'stage', 'publish', 'report', 'report'].map((name) => `${name} worker`),
      ...beginnings.flatMap(() => ['report worker', 'acknowledge orchestrator']),
      ...['accept', 'complete', 'lease', 'task'].map((name) => `${name} orchestrator`),
    ].sort(),
  );
  const reports = named('report').map(({ context }) => context);
  for (const name of ['accept', 'complete']) expect(reports).toContain(named(name)[0]?.parent);
}
