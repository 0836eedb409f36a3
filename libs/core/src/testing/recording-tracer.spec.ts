import { RecordingTracer } from './recording-tracer.js';
import { tracerContract } from './tracer-contract.js';

tracerContract('the recording tracer', async () => {
  const tracer = new RecordingTracer();
  return { tracer, received: async () => tracer.spans, close: () => tracer.close() };
});
