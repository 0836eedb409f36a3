/** Where a span stands in the trace of its task, written as the `traceparent` of W3C Trace Context, which every tracing system reads. */
import { createHash, randomBytes } from 'node:crypto';

/** Such as `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`. */
export type TraceContext = string;

export interface TraceIds {
  traceId: string;
  spanId: string;
}

/** The span of the task itself. Made of its id alone, so that a restarted orchestrator, and the tenth attempt, find the same trace. */
export function taskTrace(taskId: string): TraceContext {
  return written(idsOf(taskId, 'task'));
}

/** The span of one attempt, which is a lease. */
export function attemptTrace(taskId: string, fence: number): TraceContext {
  return written(idsOf(taskId, `attempt ${fence}`));
}

/** A new span below another one. */
export function childTrace(parent: TraceContext): TraceContext {
  return written({ traceId: idsIn(parent).traceId, spanId: randomBytes(8).toString('hex') });
}

/** The context, as others have written it; undefined for what is none, or what nobody records. */
export function readTrace(text: unknown): TraceContext | undefined {
  if (typeof text !== 'string' || !/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(text)) return undefined;
  const { traceId, spanId } = idsIn(text);
  const isNothing = /^0+$/.test(traceId) || /^0+$/.test(spanId);
  const isRecorded = (parseInt(text.slice(-2), 16) & 1) === 1;
  return isNothing || !isRecorded ? undefined : text;
}

export function idsIn(context: TraceContext): TraceIds {
  const [, traceId = '', spanId = ''] = context.split('-');
  return { traceId, spanId };
}

/** Whether the trace of a task is among the share that is recorded; the same answer for the whole life of a task. */
export function isTraced(taskId: string, share: number): boolean {
  return parseInt(idsIn(taskTrace(taskId)).traceId.slice(-8), 16) / 2 ** 32 < share;
}

function idsOf(taskId: string, span: string): TraceIds {
  const hash = (text: string) => createHash('sha256').update(text).digest('hex');
  return { traceId: hash(`trace of ${taskId}`).slice(0, 32), spanId: hash(`${span} of ${taskId}`).slice(0, 16) };
}

function written({ traceId, spanId }: TraceIds): TraceContext {
  return `00-${traceId}-${spanId}-01`;
}
