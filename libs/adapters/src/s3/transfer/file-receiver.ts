/** Writes what comes to its place in a file. */
import type { FileHandle } from 'node:fs/promises';
import type { Flow } from './exchange.js';
import { RangeReceiver, type ByteRange } from './range-receiver.js';

/** The disk's trouble, which is none of the store's. */
export class FileFailure extends Error {
  constructor(override readonly cause: unknown) {
    super('The file cannot be written.');
  }
}

/** So much is written at once: a system call for each chunk of the network costs more than its bytes. */
const writeBytes = 512 * 2 ** 10;
const mostWaiting = 2 * 2 ** 20;

export class FileReceiver extends RangeReceiver {
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private written: number;
  private writing: Promise<void> | undefined;
  private failure: FileFailure | undefined;
  private held: Flow | undefined;

  constructor(
    range: ByteRange,
    isWhole: boolean,
    private readonly file: Promise<FileHandle>,
  ) {
    super(range, isWhole);
    this.written = range.from;
  }

  /** Waits until all that came is in the file. @throws FileFailure */
  async flush(): Promise<void> {
    while (this.failure === undefined && (this.writing || this.waiting.length > 0)) {
      await (this.writing ?? this.write());
    }
    if (this.failure) throw this.failure;
  }

  protected deliver(chunk: Buffer, flow: Flow): void {
    if (this.failure) throw this.failure;
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    if (this.waitingBytes < writeBytes) return;
    if (!this.writing) void this.write();
    else if (this.waitingBytes >= mostWaiting && !this.held) {
      flow.pause();
      this.held = flow;
    }
  }

  private write(): Promise<void> {
    this.writing = this.writeWaiting()
      .catch((thrown: unknown) => {
        this.failure = new FileFailure(thrown);
      })
      .finally(() => {
        this.writing = undefined;
        this.held?.resume();
        this.held = undefined;
      });
    return this.writing;
  }

  private async writeWaiting(): Promise<void> {
    const [chunks, size] = [this.waiting, this.waitingBytes];
    [this.waiting, this.waitingBytes] = [[], 0];
    const at = this.written;
    this.written += size;
    const file = await this.file;
    const { bytesWritten } = await file.writev(chunks, at);
    if (bytesWritten === size) return;
    // A nearly full disk takes a part of it, and says why with the rest.
    const rest = Buffer.concat(chunks).subarray(bytesWritten);
    for (let done = 0; done < rest.length;) {
      done += (await file.write(rest, done, rest.length - done, at + bytesWritten + done)).bytesWritten;
    }
  }
}
