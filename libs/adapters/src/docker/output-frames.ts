/**
 * Takes the frames off the output of an engine without a terminal: 8 bytes of header (stream, 3 zero bytes, length), then the payload.
 *
 * docker-modem's own `demuxStream` recurses once per frame and overflows the stack on 5,000 small frames in one chunk (45 KB), which a
 * program that prints byte by byte can send.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
 */
const HEADER_BYTES = 8;
const LENGTH_AT = 4;
const STDOUT = 1;

export interface OutputPiece {
  stream: 'stdout' | 'stderr';
  payload: Uint8Array;
}

export class OutputFrames {
  private readonly header = Buffer.alloc(HEADER_BYTES);
  private headerFilled = 0;
  private payloadLeft = 0;

  /** The payloads of both streams that are in the chunk, as they came. A frame may be cut anywhere. */
  *payloads(chunk: Uint8Array): Generator<Uint8Array> {
    for (const { payload } of this.pieces(chunk)) yield payload;
  }

  /** The payloads, each with the stream it is of. */
  *pieces(chunk: Uint8Array): Generator<OutputPiece> {
    let at = 0;
    while (at < chunk.length) {
      if (this.payloadLeft > 0) {
        const payload = chunk.subarray(at, at + this.payloadLeft);
        this.payloadLeft -= payload.length;
        at += payload.length;
        yield { stream: this.header[0] === STDOUT ? 'stdout' : 'stderr', payload };
      } else {
        const part = chunk.subarray(at, at + HEADER_BYTES - this.headerFilled);
        this.header.set(part, this.headerFilled);
        this.headerFilled += part.length;
        at += part.length;
        this.startPayload();
      }
    }
  }

  private startPayload(): void {
    if (this.headerFilled < HEADER_BYTES) return;
    this.payloadLeft = this.header.readUInt32BE(LENGTH_AT);
    this.headerFilled = 0;
  }
}
