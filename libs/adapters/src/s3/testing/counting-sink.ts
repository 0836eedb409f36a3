/** A server that takes uploads as S3 does, counts their bytes and keeps none; and gives out as many zeros as somebody asks for. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

export class CountingSink implements AsyncDisposable {
  /** Bytes of each part, in the order of their numbers. */
  readonly parts: number[] = [];

  private readonly server: Server;

  /** @param objectBytes size of every object that is read */
  private constructor(private readonly objectBytes: number) {
    this.server = createServer((request, response) => void this.handle(request, response));
  }

  static async open(objectBytes = 0): Promise<CountingSink> {
    const sink = new CountingSink(objectBytes);
    sink.server.listen(0, '127.0.0.1');
    await new Promise((resolve) => sink.server.once('listening', resolve));
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const part = Number(/partNumber=(\d+)/.exec(request.url ?? '')?.[1] ?? 0);
    let bytes = 0;
    for await (const chunk of request) bytes += (chunk as Buffer).length;
    if (part > 0) this.parts[part - 1] = bytes;
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-length': this.objectBytes });
      Readable.from(zeros(this.objectBytes)).pipe(response);
      return;
    }
    const opened = '<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>';
    response.writeHead(200, { etag: '"e"', 'content-type': 'application/xml' }).end(part > 0 ? '' : opened);
  }
}

function* zeros(count: number): Generator<Buffer> {
  const chunk = Buffer.alloc(2 ** 20);
  for (let left = count; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(chunk.length, left));
}
