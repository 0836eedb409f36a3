/** Speaks the worker protocol. One method for each request; errors arrive as the errors the orchestrator threw. */
import { LongshoreError, messageOf } from '@longshore/core';
import {
  errorOfProblem,
  type AssignmentAnswer,
  type HeartbeatAnswer,
  type HeldAssignment,
  type RegisterAnswer,
  type RegisterRequest,
  type StatusRequest,
} from '@longshore/core/protocol';

/** A request that is not answered in this time is lost; the orchestrator answers all but long polls within milliseconds. */
const answerWithinMs = 15_000;

export class OrchestratorClient {
  constructor(private readonly url: string) {}

  register(request: RegisterRequest, signal?: AbortSignal): Promise<RegisterAnswer> {
    return this.send<RegisterAnswer>('POST', '/register', request, signal);
  }

  /** Waits up to `waitSeconds` for work. */
  ask(workerId: string, waitSeconds: number, max: number, signal?: AbortSignal): Promise<AssignmentAnswer> {
    const path = `/assignment/${encodeURIComponent(workerId)}?wait=${waitSeconds}&max=${max}`;
    return this.send<AssignmentAnswer>('GET', path, undefined, signal, waitSeconds * 1000 + answerWithinMs);
  }

  async acknowledge(workerId: string, held: HeldAssignment, signal?: AbortSignal): Promise<void> {
    await this.send('POST', `/ack/${encodeURIComponent(workerId)}`, held, signal);
  }

  async report(workerId: string, status: StatusRequest, signal?: AbortSignal): Promise<void> {
    await this.send('POST', `/status/${encodeURIComponent(workerId)}`, status, signal);
  }

  heartbeat(workerId: string, assignments: HeldAssignment[], signal?: AbortSignal): Promise<HeartbeatAnswer> {
    return this.send<HeartbeatAnswer>('POST', `/heartbeat/${encodeURIComponent(workerId)}`, { assignments }, signal);
  }

  private async send<T>(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    signal: AbortSignal | undefined,
    withinMs = answerWithinMs,
  ): Promise<T> {
    const limit = AbortSignal.timeout(withinMs);
    try {
      const response = await fetch(this.url + path, {
        method,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const answer = (await response.json()) as T;
      if (response.ok) return answer;
      throw errorOfProblem(answer) ?? unreachable(this.url, `it answered with status ${response.status}`);
    } catch (thrown) {
      if (thrown instanceof LongshoreError) throw thrown;
      signal?.throwIfAborted();
      throw unreachable(this.url, reasonOf(thrown), thrown);
    }
  }
}

function unreachable(url: string, why: string, cause?: unknown): LongshoreError {
  return new LongshoreError('orchestrator-unreachable', `The orchestrator at ${url} cannot be reached: ${why}.`, {
    remedy: 'Check LONGSHORE_URL and that the orchestrator runs.',
    cause,
  });
}

/** fetch hides what happened in the cause of its error. */
function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  return messageOf(cause ?? thrown);
}
