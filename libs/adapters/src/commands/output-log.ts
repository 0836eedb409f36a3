/** Keeps the first and the last part of an output of any length, in a fixed amount of memory. */

export const HEAD_BYTES = 64 * 1024;
export const TAIL_BYTES = 64 * 1024;

export class OutputLog {
  private readonly head: Buffer[] = [];
  private headLength = 0;
  // A ring of copied bytes: a list of slices would keep the 64 KiB socket buffer behind every one-byte slice alive.
  private ring: Buffer | undefined;
  private ringWritten = 0;

  constructor(
    private readonly headBytes = HEAD_BYTES,
    private readonly tailBytes = TAIL_BYTES,
  ) {}

  write(chunk: Uint8Array): void {
    const room = this.headBytes - this.headLength;
    if (room > 0) {
      const first = Buffer.from(chunk.subarray(0, room));
      this.head.push(first);
      this.headLength += first.length;
    }
    if (chunk.length > room) this.writeTail(chunk.subarray(Math.max(0, room)));
  }

  /**
   * The output as text, with a line that counts what was left out. Decoded only here, so that a character that came in two chunks is
   * whole; bytes that are no UTF-8 become U+FFFD.
   */
  text(): string {
    const omitted = Math.max(0, this.ringWritten - this.tailBytes);
    const head = Buffer.concat(this.head);
    const tail = this.tail();
    if (omitted === 0) return Buffer.concat([head, tail]).toString('utf8');
    return `${head.toString('utf8')}\n[... ${omitted} bytes left out ...]\n${tail.toString('utf8')}`;
  }

  private writeTail(bytes: Uint8Array): void {
    this.ring ??= Buffer.alloc(this.tailBytes);
    const kept = bytes.subarray(Math.max(0, bytes.length - this.tailBytes));
    const at = (this.ringWritten + bytes.length - kept.length) % this.tailBytes;
    const untilEnd = kept.subarray(0, this.tailBytes - at);
    this.ring.set(untilEnd, at);
    this.ring.set(kept.subarray(untilEnd.length), 0);
    this.ringWritten += bytes.length;
  }

  private tail(): Buffer {
    if (this.ring === undefined) return Buffer.alloc(0);
    if (this.ringWritten <= this.tailBytes) return this.ring.subarray(0, this.ringWritten);
    const oldest = this.ringWritten % this.tailBytes;
    return Buffer.concat([this.ring.subarray(oldest), this.ring.subarray(0, oldest)]);
  }
}
