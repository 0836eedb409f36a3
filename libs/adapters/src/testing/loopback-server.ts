/** An HTTP server on a free port of loopback, over TLS if it has a certificate, for as long as a test wants it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** What a server shows itself with, as PEM. */
export interface TlsIdentity {
  key: Buffer;
  cert: Buffer;
}

export abstract class LoopbackServer implements AsyncDisposable {
  private readonly server: Server;
  private port = 0;

  constructor(private readonly tls?: TlsIdentity) {
    this.server = tls === undefined ? createServer() : createSecureServer(tls);
    this.server.on('request', (request, response) => {
      void this.answered(request, response);
    });
  }

  get url(): string {
    return `${this.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
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
