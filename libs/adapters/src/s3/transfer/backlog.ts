/** What has come and nobody has taken yet: when that is much, nothing more comes until all of it is taken. */
import type { Flow } from './exchange.js';

const mostBytes = 2 ** 20;

export class Backlog {
  private readonly waiting: { chunk: Buffer; flow: Flow }[] = [];
  private bytes = 0;
  private held: Flow | undefined;

  /** @param flow of the request that brings it; one that was held before is of a try that is over */
  add(chunk: Buffer, flow: Flow): void {
    this.waiting.push({ chunk, flow });
    this.bytes += chunk.length;
    if (this.bytes < mostBytes || this.held === flow) return;
    flow.pause();
    this.held = flow;
  }

  get first(): Buffer | undefined {
    return this.waiting[0]?.chunk;
  }

  removeFirst(): void {
    this.bytes -= this.waiting.shift()?.chunk.length ?? 0;
    if (this.waiting.length === 0) this.letMoreCome();
  }

  /** As `removeFirst`, for whoever has no more use for its memory. */
  releaseFirst(): void {
    const [first] = this.waiting;
    this.removeFirst();
    first?.flow.release(first.chunk);
  }

  /** To be called also by whoever takes no more: only what comes can be told so. */
  letMoreCome(): void {
    this.held?.resume();
    this.held = undefined;
  }
}
