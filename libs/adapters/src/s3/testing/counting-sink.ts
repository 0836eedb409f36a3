/** A server that takes uploads as S3 does, counts their bytes and keeps none; and gives out as many zeros as somebody asks for. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { LoopbackServer } from '../../testing/loopback-server.js';

export class CountingSink extends LoopbackServer {
  /** Bytes of each part, in the order of their numbers. */
  readonly parts: number[] = [];

  /** @param objectBytes size of every object that is read */
  private constructor(private readonly objectBytes: number) {
    super();
  }

  static open(objectBytes = 0): Promise<CountingSink> {
    return new CountingSink(objectBytes).listen();
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
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
