/** Where spans go, for systems that draw what took how long. */
import type { TraceContext } from '../tracing/trace-context.js';

export interface Span {
  name: string;
  /** Its own place in the trace. */
  context: TraceContext;
  /** The span it belongs to; absent for the one on top. */
  parent?: TraceContext;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
  attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Why it ended badly. */
  failure?: string;
}

/**
 * Told of spans that are over, by the orchestrator and the worker alike: what is still going on lives in the store and in processes that may die.
 * What cannot be delivered is lost without a word, because no work may wait or fail for it.
 */
export abstract class Tracer {
  /** False where nobody records anything; whoever asks can spare the trouble. */
  abstract readonly isOn: boolean;

  /** Returns at once and never throws. The same span may be recorded again, as a dead task may be tried again and end again. */
  abstract record(span: Span): void;

  /** Sends what is not sent yet, for a few seconds at most. May be repeated. */
  abstract close(): Promise<void>;
}

/** For processes that record nothing. */
export class NoTracer extends Tracer {
  readonly isOn = false;

  record(): void {
    // Nobody listens.
  }

  async close(): Promise<void> {
    // Nothing is open.
  }
}
