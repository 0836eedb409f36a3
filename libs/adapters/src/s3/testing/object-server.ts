/** A server with one object that breaks off where a test wants, and remembers what was asked. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ObjectAsked {
  method: string;
  range: string | undefined;
  ifMatch: string | undefined;
}

export class ObjectServer implements AsyncDisposable {
  readonly asked: ObjectAsked[] = [];
  readonly etag: string;
  /** Bytes after which the connection of an answer is cut; nothing, unless a test says so. */
  cutAfter: (asked: ObjectAsked) => number | undefined = () => undefined;
  /** Told with whole objects. */
  headers: Record<string, string> = {};
  knowsRanges = true;
  /** Held until a test lets it go on. */
  gate: Promise<unknown> = Promise.resolve();
  atOnce = 0;
  mostAtOnce = 0;

  private readonly server: Server;

  private constructor(private readonly content: Buffer) {
    this.etag = `"${createHash('md5').update(content).digest('hex')}"`;
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  static async open(content: Buffer): Promise<ObjectServer> {
    const server = new ObjectServer(content);
    server.server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.server.once('listening', resolve));
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle({ method = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = { method, range: headers.range, ifMatch: headers['if-match'] };
    this.asked.push(asked);
    this.mostAtOnce = Math.max(this.mostAtOnce, (this.atOnce += 1));
    response.once('close', () => (this.atOnce -= 1));
    await this.gate;
    const [from, to] = this.knowsRanges ? this.rangeOf(asked) : [0, this.content.length];
    const isPart = this.knowsRanges && asked.range !== undefined;
    response.writeHead(isPart ? 206 : 200, {
      etag: this.etag,
      'content-length': to - from,
      ...(isPart ? { 'content-range': `bytes ${from}-${to - 1}/${this.content.length}` } : this.headers),
    });
    if (method === 'HEAD') return void response.end();
    const cut = this.cutAfter(asked);
    if (cut === undefined) response.end(this.content.subarray(from, to));
    else response.write(this.content.subarray(from, Math.min(to, from + cut)), () => response.destroy());
  }

  private rangeOf({ range }: ObjectAsked): [from: number, to: number] {
    const [, from, last] = /bytes=(\d+)-(\d+)/.exec(range ?? '') ?? [];
    return from === undefined ? [0, this.content.length] : [Number(from), Number(last) + 1];
  }
}
