/** The output of one command on a line that all commands share: everything up to a mark that the command cannot know. */
import type { OutputLog } from '../../commands/output-log.js';

export class MarkedOutput {
  private held: Buffer = Buffer.alloc(0);
  private readonly end: Buffer;
  private readonly refusal: Buffer;
  private foundEnd = false;
  private foundRefusal = false;

  constructor(
    mark: string,
    private readonly log: OutputLog,
  ) {
    this.end = Buffer.from(`${mark}\n`);
    this.refusal = Buffer.from(`${mark}-\n`);
  }

  /** Whether the mark has come, and so all of the output. */
  get ended(): boolean {
    return this.foundEnd;
  }

  /** Whether the shell said that it could not execute the command. */
  get refused(): boolean {
    return this.foundRefusal;
  }

  write(chunk: Uint8Array): void {
    if (this.foundEnd) return;
    const bytes = Buffer.concat([this.held, chunk]);
    const at = bytes.indexOf(this.end);
    if (at < 0) return this.hold(bytes);
    this.foundEnd = true;
    const output = bytes.subarray(0, at);
    this.foundRefusal = output.subarray(-this.refusal.length).equals(this.refusal);
    this.log.write(this.foundRefusal ? output.subarray(0, -this.refusal.length) : output);
    this.held = Buffer.alloc(0);
  }

  /** Nothing more comes, also without a mark. */
  flush(): void {
    this.log.write(this.held);
    this.held = Buffer.alloc(0);
  }

  /** A mark may be cut anywhere. */
  private hold(bytes: Buffer): void {
    const sure = Math.max(0, bytes.length - this.refusal.length - this.end.length);
    this.log.write(bytes.subarray(0, sure));
    this.held = Buffer.from(bytes.subarray(sure));
  }
}
