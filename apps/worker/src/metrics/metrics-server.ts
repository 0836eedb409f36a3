/** Serves the metrics of a worker to this machine alone. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { messageOf } from '@longshore/core';
import type { WorkerMeter } from './worker-meter.js';

export class MetricsServer implements AsyncDisposable {
  private constructor(private readonly server: Server) {}

  /** A port that is taken is no reason not to work: it is told of, and nothing is served. */
  static async start(
    port: number,
    meter: WorkerMeter,
    warn: (line: string) => void,
  ): Promise<MetricsServer | undefined> {
    const server = createServer((request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
      const answer = (text: string) => response.setHeader('content-type', 'text/plain; version=0.0.4').end(text);
      meter.text().then(answer, () => response.writeHead(500).end());
    });
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
    } catch (thrown) {
      warn(`The metrics of this worker are not served, because of LONGSHORE_METRICS_PORT: ${messageOf(thrown)}.`);
      return undefined;
    }
    server.unref();
    return new MetricsServer(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
