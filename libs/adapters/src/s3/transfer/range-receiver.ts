/** Takes the bytes of a range of an object, over as many requests as it needs. */
import type { AnswerHead, Flow } from './exchange.js';
import { StoredChecksum } from './checksums.js';
import type { PositionedReceiver } from './hot-path.js';

export interface ByteRange {
  from: number;
  /** The byte after the last one. */
  to: number;
}

export abstract class RangeReceiver implements PositionedReceiver {
  private reached: number;
  private unwanted = 0;
  private asked: string | undefined;
  private checksum: StoredChecksum | undefined;
  private isBegun = false;

  /** @param isWhole the first request asks for the object and for no range of it, so that the store tells the checksum */
  constructor(
    private readonly range: ByteRange,
    private readonly isWhole: boolean,
  ) {
    this.reached = range.from;
  }

  /** The byte that comes next, counted from the start of the object. */
  get position(): number {
    return this.reached;
  }

  /** Bytes of all of it. */
  get size(): number {
    return this.range.to - this.range.from;
  }

  get isComplete(): boolean {
    return this.reached === this.range.to;
  }

  /** What the next request asks for. */
  nextRange(): { Range?: string; ChecksumMode?: 'ENABLED' } {
    const isFirst = this.isWhole && this.reached === this.range.from;
    this.asked = isFirst ? undefined : `bytes=${this.reached}-${this.range.to - 1}`;
    return this.asked === undefined ? { ChecksumMode: 'ENABLED' } : { Range: this.asked };
  }

  begin({ status, headers }: AnswerHead): void {
    if (this.isWhole && !this.isBegun) this.checksum = StoredChecksum.of(headers);
    this.isBegun = true;
    this.unwanted = 0;
    if (this.asked === undefined) return;
    // A store that knows no ranges sends everything.
    if (status === 200) this.unwanted = this.reached;
    else if (!String(headers['content-range']).startsWith(`bytes ${this.reached}-`)) {
      throw new Error(`Asked for ${this.asked}, and ${String(headers['content-range'])} came.`);
    }
  }

  take(chunk: Buffer, flow: Flow): void {
    const skipped = Math.min(this.unwanted, chunk.length);
    this.unwanted -= skipped;
    // Without a range more than was listed may come, which whoever reads has to see.
    const most = this.asked === undefined ? Infinity : this.range.to - this.reached;
    const wanted = chunk.subarray(skipped, skipped + Math.min(chunk.length - skipped, most));
    if (wanted.length === 0) return;
    this.reached += wanted.length;
    this.checksum?.update(wanted);
    this.deliver(wanted, flow);
  }

  /** @throws Error when not exactly this range came, or something else than what was stored */
  async verify(): Promise<void> {
    const { from, to } = this.range;
    if (this.reached !== to) throw new Error(`${this.reached - from} of ${to - from} bytes arrived`);
    await this.checksum?.verify();
  }

  protected abstract deliver(chunk: Buffer, flow: Flow): void;
}
