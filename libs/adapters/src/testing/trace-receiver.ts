/** A collector of OpenTelemetry, as far as spans go: takes OTLP/HTTP as JSON and keeps what comes. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Span } from '@longshore/core';

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

export class TraceReceiver implements AsyncDisposable {
  readonly spans: ReceivedSpan[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceReceiver> {
    const server = createServer();
    const receiver = new TraceReceiver(server);
    server.on('request', (request, response) => {
      void text(request).then((body) => {
        if (request.url === '/v1/traces') receiver.take(body);
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return receiver;
  }

  /** What to set `OTEL_EXPORTER_OTLP_ENDPOINT` to. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
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
