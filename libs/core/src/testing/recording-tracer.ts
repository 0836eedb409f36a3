/** Keeps every span, for tests to look at. */
import { Tracer, type Span } from '../ports/tracer.js';

export class RecordingTracer extends Tracer {
  readonly isOn = true;
  readonly spans: Span[] = [];

  record(span: Span): void {
    this.spans.push(structuredClone(span));
  }

  async close(): Promise<void> {
    // Everything is here.
  }

  named(name: string): Span[] {
    return this.spans.filter((span) => span.name === name);
  }
}
