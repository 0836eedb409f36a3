/** Stands between a client and a server of this machine, and answers in its place what a test wants answered. */
import { createServer, request as send, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

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

export class FaultServer implements AsyncDisposable {
  /** What is answered instead of asking the server behind; nothing, unless a test says so. */
  decide: (asked: Asked) => FaultAnswer | undefined = () => undefined;
  /** Told how the server behind answered. */
  onAnswer: (asked: Asked, status: number) => void = () => undefined;
  /** Everything that was asked, in order. */
  readonly seen: Asked[] = [];

  private readonly server: Server;

  private constructor(private readonly target: string) {
    this.server = createServer((request, response) => {
      this.handle(request, response).catch(() => response.destroy());
    });
  }

  /** @param target address of the server behind */
  static async before(target: string): Promise<FaultServer> {
    const faults = new FaultServer(target);
    faults.server.listen(0, '127.0.0.1');
    await new Promise((resolve) => faults.server.once('listening', resolve));
    return faults;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets everything through again and forgets what was asked. */
  calm(): void {
    this.decide = () => undefined;
    this.seen.length = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = request;
    const asked = { method, path, headers, body: await buffer(request) };
    this.seen.push(asked);
    const answer = this.decide(asked);
    if (answer) {
      const text = method === 'HEAD' ? '' : (answer.body ?? '');
      response.writeHead(answer.status, { 'content-type': 'application/xml', ...answer.headers }).end(text);
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
