/** What every tracer that records must do. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Span, Tracer } from '../ports/tracer.js';
import { attemptTrace, childTrace, taskTrace } from '../tracing/trace-context.js';

export interface TracerSubject {
  tracer: Tracer;
  /** What has arrived where it is looked at, once the tracer is closed. */
  received(): Promise<Span[]>;
  close(): Promise<void>;
}

export function tracerContract(name: string, open: () => Promise<TracerSubject>): void {
  describe(name, () => {
    let subject: TracerSubject;

    beforeEach(async () => {
      subject = await open();
    });
    afterEach(() => subject.close());

    it('delivers spans as they were told: place, parent, times, attributes and failure', async () => {
      const [task, attempt] = [taskTrace('t'), attemptTrace('t', 1)];
      const spans: Span[] = [
        {
          name: 'fetch',
          context: childTrace(attempt),
          parent: attempt,
          startedAt: 1_700_000_000_123,
          endedAt: 1_700_000_002_456,
          attributes: { 'longshore.task_id': 't', 'longshore.attempt': 1, 'longshore.warm': true },
        },
        {
          name: 'lease',
          context: attempt,
          parent: task,
          startedAt: 1_700_000_000_000,
          endedAt: 1_700_000_003_000,
          failure: 'The command ended with exit code 3.',
        },
        { name: 'task', context: task, startedAt: 1_699_999_999_000, endedAt: 1_700_000_003_000, attributes: {} },
      ];
      for (const span of spans) subject.tracer.record(span);
      await subject.tracer.close();
      const byName = new Map((await subject.received()).map((span) => [span.name, span]));
      expect(byName.size).toBe(3);
      for (const { attributes = {}, ...span } of spans) {
        expect({ attributes: {}, ...byName.get(span.name) }).toEqual({ ...span, attributes });
      }
    });

    it('bears anything, also after it was closed, and may be closed again', async () => {
      subject.tracer.record({ name: '', context: 'nonsense', parent: 'nonsense', startedAt: Number.NaN, endedAt: -1 });
      await subject.tracer.close();
      subject.tracer.record({ name: 'late', context: taskTrace('t'), startedAt: 1, endedAt: 2 });
      await subject.tracer.close();
      expect(subject.tracer.isOn).toBe(true);
    });
  });
}
