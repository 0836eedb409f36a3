/** One request to S3 and its answer, over connections that stay open. */
import type { IncomingHttpHeaders } from 'node:http';
import { types } from 'node:util';
import { Agent, type Dispatcher } from 'undici';

export interface WireRequest {
  method: 'GET' | 'POST' | 'PUT';
  /** Scheme, host and port. */
  origin: string;
  /** Path and query, encoded. */
  path: string;
  headers: Record<string, string>;
  body?: Uint8Array | undefined;
}

export interface AnswerHead {
  status: number;
  headers: IncomingHttpHeaders;
}

export interface Answer extends AnswerHead {
  /** Empty where a receiver took it. */
  body: Buffer;
}

/** Lets more come, or nothing until further notice. */
export interface Flow extends Pick<Dispatcher.DispatchController, 'pause' | 'resume'> {
  /** Gives back the memory of what was taken, which nobody may look at any more. */
  release(chunk: Buffer): void;
}

/** Takes the body of a good answer as it comes. What it throws ends the request. */
export interface Receiver {
  begin(head: AnswerHead): void;
  take(chunk: Buffer, flow: Flow): void;
}

/** Errors are told in a few words; what is longer is read, so that the connection can be used again, and dropped. */
const mostTold = 64 * 2 ** 10;

/** A larger body goes in pieces, so that a slow connection on which something moves is not taken for a silent one. */
const pieceBytes = 256 * 2 ** 10;

const connectionsPerHost = 128;

/** @param patienceMs a connection on which nothing moves for so long counts as lost */
export function openConnections(patienceMs: number): Dispatcher {
  return new Agent({
    allowH2: false,
    connections: connectionsPerHost,
    connect: { timeout: Math.min(10_000, patienceMs) },
    headersTimeout: patienceMs,
    bodyTimeout: patienceMs,
  });
}

/** @throws what undici throws, or the reason of the signal */
export function exchange(
  connections: Dispatcher,
  { body, ...request }: WireRequest,
  receiver?: Receiver,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const handler = new ExchangeHandler(receiver, signal, resolve, reject);
    // undici takes iterables, which its types leave out.
    const sent = bodyOf(body) as Uint8Array | undefined;
    connections.dispatch({ ...request, body: sent }, handler);
  });
}

function bodyOf(body: Uint8Array | undefined): Uint8Array | Iterable<Uint8Array> | undefined {
  return body && body.length > pieceBytes ? piecesOf(body) : body;
}

function* piecesOf(body: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < body.length; start += pieceBytes) yield body.subarray(start, start + pieceBytes);
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  private readonly told: Buffer[] = [];
  private toldBytes = 0;
  private head: AnswerHead = { status: 0, headers: {} };
  private isReceived = false;
  private controller: Dispatcher.DispatchController | undefined;
  private flow: Flow | undefined;
  private readonly onAbort: () => void;

  constructor(
    private readonly receiver: Receiver | undefined,
    private readonly signal: AbortSignal | undefined,
    private readonly resolve: (answer: Answer) => void,
    private readonly reject: (reason: unknown) => void,
  ) {
    this.onAbort = () => {
      this.controller?.abort(signal?.reason as Error);
      this.reject(signal?.reason);
    };
    signal?.addEventListener('abort', this.onAbort, { once: true });
    if (signal?.aborted) this.onAbort();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.flow = { pause: () => controller.pause(), resume: () => controller.resume(), release: freeMemory };
    if (this.signal?.aborted) controller.abort(this.signal.reason as Error);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.head = { status, headers };
    this.isReceived = this.receiver !== undefined && (status === 200 || status === 206);
    if (this.isReceived) this.receiver?.begin(this.head);
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isReceived) return this.receiver?.take(chunk, this.flow!);
    if (this.toldBytes < mostTold) this.told.push(chunk);
    this.toldBytes += chunk.length;
  }

  onResponseEnd(): void {
    this.signal?.removeEventListener('abort', this.onAbort);
    this.resolve({ ...this.head, body: Buffer.concat(this.told) });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.signal?.removeEventListener('abort', this.onAbort);
    this.reject(this.signal?.aborted ? this.signal.reason : error);
  }
}

/**
 * A socket brings each chunk in memory of its own. Left to the garbage collector, which is called for every 64 MiB of such memory and looks through all
 * there is, it was measured to cost as much as receiving and writing. Only the last chunk of some memory frees it, and only where it fills at least half:
 * what comes from the pool of Node.js, which others use as well, does not.
 */
function freeMemory({ buffer: memory, byteOffset, length }: Buffer): void {
  const isLast = byteOffset + length === memory.byteLength;
  if (isLast && 2 * length >= memory.byteLength && types.isArrayBuffer(memory)) memory.transfer(0);
}
