/** Sends hot commands past the SDK, with its credentials, its endpoints and its patience. */
import type { S3Client } from '@aws-sdk/client-s3';
import {
  getRetryAfterHint,
  isServerError,
  isThrottlingError,
  isTransientError,
  type StandardRetryStrategy,
} from '@smithy/core/retry';
import type { Dispatcher } from 'undici';
import { untilAborted } from '../../commands/until-aborted.js';
import { exchange, type Answer, type Receiver } from './exchange.js';
import { hotRequest, type HotCommand } from './hot-requests.js';
import type { Pace } from './pace.js';
import { asksForPatience, isHiddenError, ServiceError, wireError } from './service-errors.js';
import { Target } from './target.js';

export interface HotOptions {
  /** In hexadecimal, of the body, where somebody knows it already. */
  bodySha256?: string | undefined;
  /** Takes what is read, of every try. */
  receiver?: PositionedReceiver | undefined;
  /** Whoever takes the body at his own pace keeps nobody from the bucket meanwhile. */
  leavesAtHead?: boolean;
  signal?: AbortSignal | undefined;
}

export interface PositionedReceiver extends Receiver {
  /** Bytes that came so far. */
  readonly position: number;
}

export interface HotAnswer extends Answer {
  /** How often it was sent. */
  attempts: number;
  /** The store asked for patience before it answered. */
  wasSlowed: boolean;
}

/** Where a hot command goes. */
export interface HotWay {
  client: S3Client;
  target: Target;
  pace: Pace;
}

type ErrorInfo = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[1];
type Failure = NonNullable<ErrorInfo['error']> & Partial<Pick<ServiceError, '$metadata' | '$response'>>;
type RetryToken = Awaited<ReturnType<StandardRetryStrategy['acquireInitialRetryToken']>>;

/** A read that gets on has not failed in vain: its tries are counted anew. */
const progressBytes = 2 ** 20;

export class HotPath {
  /** By client, because a client is made anew when credentials or regions change. */
  private readonly targets = new WeakMap<S3Client, Promise<Target | undefined>>();

  constructor(private readonly connections: Dispatcher) {}

  /** @returns nothing where only the SDK knows the way */
  targetOf(client: S3Client, command: HotCommand): Promise<Target | undefined> {
    const known = this.targets.get(client);
    if (known) return known;
    const target = Target.of(client, command);
    this.targets.set(client, target);
    target.catch(() => this.targets.delete(client));
    return target;
  }

  /**
   * @param make is asked for each try, so that one that broke off goes on where it broke
   * @throws what the SDK would throw
   */
  async send(way: HotWay, make: () => HotCommand, options: HotOptions): Promise<HotAnswer> {
    const { receiver, signal } = options;
    const strategy = (await way.client.config.retryStrategy()) as StandardRetryStrategy;
    let token = await strategy.acquireInitialRetryToken('');
    let reached = receiver?.position ?? 0;
    let wasSlowed = false;
    for (let attempts = 1; ; attempts += 1) {
      try {
        const answer = await this.once(way, make(), options);
        strategy.recordSuccess(token);
        return { ...answer, attempts, wasSlowed };
      } catch (thrown) {
        signal?.throwIfAborted();
        const failure = thrown as Failure;
        if (failure.$metadata) failure.$metadata.attempts = attempts;
        wasSlowed ||= asksForPatience(failure.$metadata?.httpStatusCode);
        const position = receiver?.position ?? 0;
        if (position - reached >= progressBytes) token = await strategy.acquireInitialRetryToken('');
        reached = position;
        token = await nextTry(strategy, token, failure, signal);
      }
    }
  }

  private async once({ target, pace }: HotWay, command: HotCommand, options: HotOptions): Promise<Answer> {
    const { bodySha256, leavesAtHead = false, signal } = options;
    const turn = await pace.enter(signal);
    try {
      const receiver = leavesAtHead ? leavingAtHead(options.receiver, turn.leave) : options.receiver;
      const askedAt = target.now();
      const request = await target.sign(hotRequest(command, bodySha256), keyOf(command));
      const answer = await exchange(this.connections, request, receiver, signal).catch((thrown: unknown) => {
        throw wireError(thrown);
      });
      const isHidden = isHiddenError(answer);
      if (answer.status < 300 && !isHidden) {
        pace.succeeded();
        return answer;
      }
      const refusal = new ServiceError(isHidden && answer.status < 300 ? { ...answer, status: 503 } : answer);
      const serverTime = refusal.ServerTime ?? refusal.$response.headers.date;
      if (target.correctClock(serverTime, askedAt)) refusal.$metadata.clockSkewCorrected = true;
      if (isSlowDown(answer, refusal)) pace.slowedDown(turn);
      throw refusal;
    } finally {
      turn.leave();
    }
  }
}

/** Empty for what is asked of the bucket itself. */
function keyOf({ input }: HotCommand): string {
  return 'Key' in input ? (input.Key ?? '') : '';
}

function leavingAtHead(receiver: Receiver | undefined, leave: () => void): Receiver | undefined {
  return (
    receiver && {
      begin: (head) => {
        leave();
        receiver.begin(head);
      },
      take: (chunk, flow) => receiver.take(chunk, flow),
    }
  );
}

/** Waits as the SDK would. @throws the failure where it was tried often enough, or the reason of the signal */
async function nextTry(
  strategy: StandardRetryStrategy,
  token: RetryToken,
  error: Failure,
  signal: AbortSignal | undefined,
): Promise<RetryToken> {
  const retryAfterHint = getRetryAfterHint(error.$response);
  const info = { error, errorType: typeOf(error), ...(retryAfterHint && { retryAfterHint }) };
  return untilAborted(signal, () =>
    strategy.refreshRetryTokenForRetry(token, info).catch(() => {
      throw error;
    }),
  );
}

function isSlowDown({ status }: Answer, refusal: ServiceError): boolean {
  return status === 503 || isThrottlingError(refusal);
}

function typeOf(error: Failure): 'THROTTLING' | 'TRANSIENT' | 'SERVER_ERROR' | 'CLIENT_ERROR' {
  if (isThrottlingError(error)) return 'THROTTLING';
  if (isTransientError(error)) return 'TRANSIENT';
  return isServerError(error) ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}
