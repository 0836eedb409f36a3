import { afterAll, describe, expect, it } from '@jest/globals';
import { taskTrace } from '@longshore/core';
import { tracerContract } from '@longshore/core/testing';
import { TraceReceiver } from '../testing/trace-receiver.js';
import { OtlpTracer } from './otlp-tracer.js';

const variable = 'OTEL_EXPORTER_OTLP_ENDPOINT';

async function open() {
  const receiver = await TraceReceiver.start();
  process.env[variable] = receiver.url;
  return { receiver, tracer: new OtlpTracer({ 'service.name': 'longshore-test' }) };
}

tracerContract('the tracer of OpenTelemetry', async () => {
  const { receiver, tracer } = await open();
  return {
    tracer,
    received: async () => receiver.spans.map(({ service: _, ...span }) => span),
    close: async () => {
      await tracer.close();
      await receiver[Symbol.asyncDispose]();
    },
  };
});

describe('the tracer of OpenTelemetry', () => {
  afterAll(() => {
    delete process.env[variable];
  });

  it('says which process speaks', async () => {
    const { receiver, tracer } = await open();
    await using _ = receiver;
    tracer.record({ name: 'task', context: taskTrace('t'), startedAt: 1, endedAt: 2 });
    await tracer.close();
    expect(receiver.spans).toMatchObject([{ name: 'task', service: 'longshore-test' }]);
  });

  it('delays nobody for long where no collector answers', async () => {
    const { receiver, tracer } = await open();
    await receiver[Symbol.asyncDispose]();
    tracer.record({ name: 'task', context: taskTrace('t'), startedAt: 1, endedAt: 2 });
    const begun = performance.now();
    await tracer.close();
    expect(performance.now() - begun).toBeLessThan(4_000);
  });
});
