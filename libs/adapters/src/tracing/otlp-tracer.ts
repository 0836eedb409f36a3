/** Sends spans to a collector of OpenTelemetry over OTLP/HTTP; where it is, and with which headers, is said by `OTEL_EXPORTER_OTLP_...`. */
import {
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Tracer as OtelTracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { idsIn, Tracer, type Span, type TraceContext, type TraceIds } from '@longshore/core';

const patienceMs = 3_000;

/** What asks for ids gets those of the span that is being recorded, because they were handed on long before. */
class GivenIds {
  next: TraceIds = { traceId: '', spanId: '' };
  generateTraceId = () => this.next.traceId;
  generateSpanId = () => this.next.spanId;
}

export class OtlpTracer extends Tracer {
  readonly isOn = true;
  private readonly ids = new GivenIds();
  private readonly provider: TracerProvider;
  private readonly tracer: OtelTracer;
  private closing: Promise<void> | undefined;

  /** @param facts of this process, such as `service.name` */
  constructor(facts: Readonly<Record<string, string>>) {
    super();
    this.provider = new TracerProvider({
      idGenerator: this.ids,
      resource: defaultResource().merge(resourceFromAttributes({ ...facts })),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new OTLPTraceExporter({ timeoutMillis: patienceMs }),
          scheduledDelayMillis: 1_000,
          exportTimeoutMillis: patienceMs,
        }),
      ],
    });
    this.tracer = this.provider.getTracer('longshore');
  }

  record({ name, context, parent, startedAt, endedAt, attributes, failure }: Span): void {
    if (this.closing) return;
    try {
      this.ids.next = idsIn(context);
      const options = { startTime: startedAt, ...(attributes && { attributes: { ...attributes } }) };
      const span = this.tracer.startSpan(name, options, below(parent));
      if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
      span.end(endedAt);
    } catch {
      // No work fails because nobody can draw it.
    }
  }

  close(): Promise<void> {
    const limit = new Promise<void>((resolve) => setTimeout(resolve, patienceMs).unref());
    this.closing ??= Promise.race([this.provider.shutdown().catch(() => undefined), limit]);
    return this.closing;
  }
}

function below(parent: TraceContext | undefined): Context {
  if (parent === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, { ...idsIn(parent), traceFlags: TraceFlags.SAMPLED, isRemote: true });
}
