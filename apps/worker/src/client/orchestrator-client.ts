/** Speaks the worker protocol. One method for each request; errors arrive as the errors the orchestrator threw. */
import { requestJson } from '@longshore/adapters/http';
import { LongshoreError } from '@longshore/core';
import {
  clusterHeader,
  type AckRequest,
  type AssignmentAnswer,
  type HeartbeatAnswer,
  type HeartbeatRequest,
  type RegisterAnswer,
  type RegisterRequest,
  type StatusAnswer,
  type StatusRequest,
  type TurnAnswer,
  type TurnRequest,
} from '@longshore/core/protocol';
import type { Address } from './address.js';
import { Credentials } from './credentials.js';

/** A request that is not answered in this time is lost; the orchestrator answers all but long polls within milliseconds. */
const answerWithinMs = 15_000;
const probeWithinMs = 5_000;
const remedy = 'Check LONGSHORE_URL, or LONGSHORE_URL_PARAMETER, and that the orchestrator runs.';

export class OrchestratorClient {
  constructor(
    private readonly address: Address,
    readonly credentials = new Credentials(),
    /** Named with every request, so that nothing is ever done for somebody else's orchestrator at an address that was ours. */
    private readonly cluster = 'default',
  ) {}

  /**
   * Looks who answers at an address that somebody left; no token goes there before.
   *
   * @throws LongshoreError `orchestrator-unreachable`, or `wrong-cluster`
   */
  async probe(url: string, signal?: AbortSignal): Promise<void> {
    const request = { url, method: 'GET', path: '/healthz', signal, withinMs: probeWithinMs, remedy } as const;
    const answer = await requestJson<{ status?: unknown }>({ ...request, headers: this.headers }).catch(isThere);
    if (answer?.status === 'ok') return;
    throw new LongshoreError('orchestrator-unreachable', `What answers at ${url} is no orchestrator.`, { remedy });
  }

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

  /** Reports, renews, and asks for work, with one request. It waits as long as the request says. */
  async turn(workerId: string, request: TurnRequest, signal?: AbortSignal): Promise<TurnAnswer> {
    const path = `/turn/${encodeURIComponent(workerId)}`;
    const withinMs = (request.wait ?? 0) * 1000 + answerWithinMs;
    const answer = await this.send<TurnAnswer>('POST', path, request, signal, withinMs);
    this.credentials.take(answer);
    return answer;
  }

  async heartbeat(workerId: string, request: HeartbeatRequest, withinMs: number): Promise<HeartbeatAnswer> {
    const path = `/heartbeat/${encodeURIComponent(workerId)}`;
    const answer = await this.send<HeartbeatAnswer>('POST', path, request, undefined, withinMs);
    this.credentials.take(answer);
    return answer;
  }

  private async send<T>(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    signal: AbortSignal | undefined,
    withinMs = answerWithinMs,
  ): Promise<T> {
    const { token } = this.credentials;
    const { address, headers } = this;
    const { url } = address;
    if (url === undefined) throw new LongshoreError('orchestrator-unreachable', 'Nobody knows where it is.');
    try {
      const answer = await requestJson<T>({ url, method, path, body, headers, token, signal, withinMs, remedy });
      address.reached(url);
      return answer;
    } catch (thrown) {
      if (signal?.aborted || !(thrown instanceof LongshoreError)) throw thrown;
      const isOurs = !['orchestrator-unreachable', 'wrong-cluster'].includes(thrown.code);
      if (isOurs) address.reached(url);
      else address.missed(url);
      throw thrown.code === 'wrong-cluster' && address.mayMove ? nobodyOfOurs(thrown) : thrown;
    }
  }

  private get headers(): Record<string, string> {
    return { [clusterHeader]: this.cluster };
  }
}

/** Ours is to be found elsewhere; until then it is as if nobody had answered. */
function nobodyOfOurs(thrown: LongshoreError): LongshoreError {
  return new LongshoreError('orchestrator-unreachable', thrown.message, { cause: thrown });
}

/** One that is in trouble is an orchestrator all the same, and so is one that has too much to do. */
function isThere(thrown: unknown): { status: 'ok' } {
  const { code } = thrown as { code?: string };
  if (thrown instanceof LongshoreError && code !== 'orchestrator-unreachable' && code !== 'wrong-cluster') {
    return { status: 'ok' };
  }
  throw thrown;
}
