/** Speaks the worker protocol. One method for each request; errors arrive as the errors the orchestrator threw. */
import { requestJson } from '@longshore/adapters/http';
import type {
  AckRequest,
  AssignmentAnswer,
  HeartbeatAnswer,
  HeartbeatRequest,
  RegisterAnswer,
  RegisterRequest,
  StatusAnswer,
  StatusRequest,
} from '@longshore/core/protocol';
import { Credentials } from './credentials.js';

/** A request that is not answered in this time is lost; the orchestrator answers all but long polls within milliseconds. */
const answerWithinMs = 15_000;

export class OrchestratorClient {
  constructor(
    private readonly url: string,
    readonly credentials = new Credentials(),
  ) {}

  async register(request: RegisterRequest, signal?: AbortSignal): Promise<RegisterAnswer> {
    this.credentials.forget();
    const answer = await this.send<RegisterAnswer>('POST', '/register', request, signal);
    this.credentials.take(answer);
    return answer;
  }

  /** Waits up to `waitSeconds` for work. */
  ask(workerId: string, waitSeconds: number, max: number, signal?: AbortSignal): Promise<AssignmentAnswer> {
    const path = `/assignment/${encodeURIComponent(workerId)}?wait=${waitSeconds}&max=${max}`;
    return this.send<AssignmentAnswer>('GET', path, undefined, signal, waitSeconds * 1000 + answerWithinMs);
  }

  async acknowledge(workerId: string, request: AckRequest, signal?: AbortSignal): Promise<void> {
    await this.send('POST', `/ack/${encodeURIComponent(workerId)}`, request, signal);
  }

  report(workerId: string, status: StatusRequest, signal?: AbortSignal): Promise<StatusAnswer> {
    return this.send<StatusAnswer>('POST', `/status/${encodeURIComponent(workerId)}`, status, signal);
  }

  async heartbeat(workerId: string, request: HeartbeatRequest, withinMs: number): Promise<HeartbeatAnswer> {
    const path = `/heartbeat/${encodeURIComponent(workerId)}`;
    const answer = await this.send<HeartbeatAnswer>('POST', path, request, undefined, withinMs);
    this.credentials.take(answer);
    return answer;
  }

  private send<T>(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    signal: AbortSignal | undefined,
    withinMs = answerWithinMs,
  ): Promise<T> {
    const { token } = this.credentials;
    const remedy = 'Check LONGSHORE_URL and that the orchestrator runs.';
    return requestJson<T>({ url: this.url, method, path, body, token, signal, withinMs, remedy });
  }
}
