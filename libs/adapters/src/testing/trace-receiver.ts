/** A collector of OpenTelemetry, as far as spans go: takes OTLP/HTTP as JSON and keeps what comes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Span } from '@longshore/core';
import { LoopbackServer } from './loopback-server.js';

interface SentValue {
  stringValue?: string;
  intValue?: number | string;
  doubleValue?: number;
  boolValue?: boolean;
}

interface SentSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: { key: string; value: SentValue }[];
  status: { code: number; message?: string };
}

export interface ReceivedSpan extends Span {
  /** The process that sent it. */
  service: string;
}

/** Its address is what to set `OTEL_EXPORTER_OTLP_ENDPOINT` to. */
export class TraceReceiver extends LoopbackServer {
  readonly spans: ReceivedSpan[] = [];

  static start(): Promise<TraceReceiver> {
    return new TraceReceiver().listen();
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    if (request.url === '/v1/traces') this.take(body);
    response.setHeader('content-type', 'application/json').end('{}');
  }

  private take(body: string): void {
    const { resourceSpans } = JSON.parse(body) as {
      resourceSpans: { resource: { attributes: SentSpan['attributes'] }; scopeSpans: { spans: SentSpan[] }[] }[];
    };
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = String(valuesOf(resource.attributes)['service.name']);
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) this.spans.push({ ...read(span), service });
    }
  }
}

function read(sent: SentSpan): Span {
  const context = (spanId: string) => `00-${sent.traceId}-${spanId}-01`;
  return {
    name: sent.name,
    context: context(sent.spanId),
    ...(sent.parentSpanId && { parent: context(sent.parentSpanId) }),
    startedAt: milliseconds(sent.startTimeUnixNano),
    endedAt: milliseconds(sent.endTimeUnixNano),
    attributes: valuesOf(sent.attributes),
    ...(sent.status.code === 2 && { failure: sent.status.message ?? '' }),
  };
}

function milliseconds(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000_000n);
}

function valuesOf(attributes: SentSpan['attributes']): Record<string, string | number | boolean> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue),
    ]),
  );
}
