/** A server with one object that breaks off where a test wants, and remembers what was asked. */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LoopbackServer } from '../../testing/loopback-server.js';

export interface ObjectAsked {
  method: string;
  range: string | undefined;
  ifMatch: string | undefined;
}

export class ObjectServer extends LoopbackServer {
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

  private constructor(private readonly content: Buffer) {
    super();
    this.etag = `"${createHash('md5').update(content).digest('hex')}"`;
  }

  static open(content: Buffer): Promise<ObjectServer> {
    return new ObjectServer(content).listen();
  }

  protected async answer({ method = '', headers }: IncomingMessage, response: ServerResponse): Promise<void> {
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
