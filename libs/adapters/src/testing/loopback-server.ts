/** An HTTP server on a free port of loopback, for as long as a test wants it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export abstract class LoopbackServer implements AsyncDisposable {
  private readonly server = createServer((request, response) => {
    void this.answered(request, response);
  });
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Listens; after it was closed, at the same address as before. */
  async listen(): Promise<this> {
    await once(this.server.listen(this.port, '127.0.0.1'), 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  /** Cuts every connection. May be repeated. */
  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  /** What it throws cuts the connection. */
  protected abstract answer(request: IncomingMessage, response: ServerResponse): unknown;

  private async answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.answer(request, response);
    } catch {
      response.destroy();
    }
  }
}

/** One that a single function answers for. */
export function serveOnLoopback(answer: RequestListener): Promise<LoopbackServer> {
  return new Listening(answer).listen();
}

class Listening extends LoopbackServer {
  constructor(protected readonly answer: RequestListener) {
    super();
  }
}
