/** The numbers of one worker under the names they have for Prometheus; docs/observability.md has a row for each. */
import { readFileSync } from 'node:fs';
import type { WorkStage } from '@longshore/core/protocol';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { WorkerMeter, type AttemptResult } from './worker-meter.js';

const workSeconds = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400];

export class PrometheusMeter extends WorkerMeter {
  private readonly registry = new Registry();
  private readonly allSlots = this.gauge('slots', 'Slots of this worker.');
  private readonly busySlots = this.gauge('slots_busy', 'Slots of this worker with a task.');
  private readonly attempts = this.counter('attempts_total', 'Attempts that ended here, by result.', ['result']);
  private readonly bytesFetched = this.counter('fetched_bytes_total', 'Bytes of objects that were fetched.');
  private readonly bytesStaged = this.counter('staged_bytes_total', 'Bytes of outputs that were staged.');
  private readonly stageTime = new Histogram({
    name: 'longshore_worker_stage_duration_seconds',
    help: 'Time a stage of a task took here: fetch, run, stage, report, publish.',
    labelNames: ['stage'],
    buckets: workSeconds,
    registers: [this.registry],
  });

  constructor() {
    super();
    const description = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    const { version } = JSON.parse(description) as { version: string };
    const info = this.gauge('build_info', 'Always 1; its labels say what runs.', ['version', 'node']);
    info.set({ version, node: process.version }, 1);
    collectDefaultMetrics({ register: this.registry });
    // Gauges under the name of a counter, which Prometheus warns of.
    for (const kind of ['handles', 'requests', 'resources'])
      this.registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  }

  override slots(all: number, busy: number): void {
    this.allSlots.set(all);
    this.busySlots.set(busy);
  }

  override stageTook(stage: WorkStage | 'report', ms: number): void {
    this.stageTime.observe({ stage }, Math.max(0, ms) / 1000);
  }

  override attemptEnded(result: AttemptResult): void {
    this.attempts.inc({ result });
  }

  override fetched(bytes: number): void {
    this.bytesFetched.inc(bytes);
  }

  override staged(bytes: number): void {
    this.bytesStaged.inc(bytes);
  }

  override text(): Promise<string> {
    return this.registry.metrics();
  }

  private gauge(name: string, help: string, labelNames: string[] = []): Gauge {
    return new Gauge({ name: `longshore_worker_${name}`, help, labelNames, registers: [this.registry] });
  }

  private counter(name: string, help: string, labelNames: string[] = []): Counter {
    return new Counter({ name: `longshore_worker_${name}`, help, labelNames, registers: [this.registry] });
  }
}
