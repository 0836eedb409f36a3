/** Writes what comes to its place in a file. */
import type { FileHandle } from 'node:fs/promises';
import { Backlog } from './backlog.js';
import type { Flow } from './exchange.js';
import { RangeReceiver, type ByteRange } from './range-receiver.js';

/** The disk's trouble, which is none of the store's. */
export class FileFailure extends Error {
  constructor(override readonly cause: unknown) {
    super('The file cannot be written.');
  }
}

export class FileReceiver extends RangeReceiver {
  private readonly backlog = new Backlog();
  private written: number;
  private writing: Promise<void> | undefined;
  private failure: FileFailure | undefined;

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
    this.writing ??= this.writeWaiting();
    await this.writing;
    if (this.failure) throw this.failure;
  }

  /** A disk that is slower than the network holds it up. */
  protected deliver(chunk: Buffer, flow: Flow): void {
    if (this.failure) throw this.failure;
    this.backlog.add(chunk, flow);
    this.writing ??= this.writeWaiting();
  }

  /**
   * As it came: a write of 64 KiB, which is what the network brings at once, finds its pages at hand. Larger ones make the kernel look for memory in large
   * pieces, which on virtual machines was measured to cost ten times as much for each byte.
   */
  private async writeWaiting(): Promise<void> {
    try {
      const file = await this.file;
      for (let { first } = this.backlog; first; first = this.backlog.first) {
        await this.writeChunk(file, first);
        this.backlog.releaseFirst();
      }
    } catch (thrown) {
      this.failure = new FileFailure(thrown);
    } finally {
      this.writing = undefined;
      this.backlog.letMoreCome();
    }
  }

  /** A nearly full disk takes a part of it, and says why with the rest. */
  private async writeChunk(file: FileHandle, chunk: Buffer): Promise<void> {
    for (let done = 0; done < chunk.length;) {
      const { bytesWritten } = await file.write(chunk, done, chunk.length - done, this.written);
      this.written += bytesWritten;
      done += bytesWritten;
    }
  }
}
