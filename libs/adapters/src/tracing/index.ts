export { OtlpTracer } from './otlp-tracer.js';
