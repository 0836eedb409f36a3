/** Stands between a client and a server of this machine, and answers in its place what a test wants answered. */
import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { LoopbackServer } from './loopback-server.js';

export interface Asked {
  method: string;
  /** Path and query, as they were sent. */
  path: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export interface FaultAnswer {
  status: number;
  body?: string;
  headers?: Record<string, string>;
}

export class FaultServer extends LoopbackServer {
  /** What is answered instead of asking the server behind; nothing, unless a test says so. */
  decide: (asked: Asked) => FaultAnswer | undefined | Promise<FaultAnswer | undefined> = () => undefined;
  /** Told how the server behind answered. */
  onAnswer: (asked: Asked, status: number) => void = () => undefined;
  /** Everything that was asked, in order. */
  readonly seen: Asked[] = [];

  private constructor(private readonly target: string) {
    super();
  }

  /** @param target address of the server behind */
  static before(target: string): Promise<FaultServer> {
    return new FaultServer(target).listen();
  }

  /** Lets everything through again and forgets what was asked. */
  calm(): void {
    this.decide = () => undefined;
    this.seen.length = 0;
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request;
    const asked = { method, path, headers, body: await buffer(request) };
    this.seen.push(asked);
    const fault = await this.decide(asked);
    if (fault) {
      const text = method === 'HEAD' ? '' : (fault.body ?? '');
      response.writeHead(fault.status, { 'content-type': 'application/xml', ...fault.headers }).end(text);
      return;
    }
    const passed = send(new URL(path, this.target), { method, headers, agent: false });
    passed.on('error', () => response.destroy());
    passed.on('response', (found) => {
      const status = found.statusCode ?? 500;
      this.onAnswer(asked, status);
      response.writeHead(status, found.rawHeaders);
      found.pipe(response);
    });
    passed.end(asked.body);
  }
}

/** An error in the words of S3. */
export function s3Fault(status: number, code: string, message = 'It says so'): FaultAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, body };
}
