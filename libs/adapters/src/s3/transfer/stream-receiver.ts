/** Hands on what comes, chunk by chunk, and lets nothing more come while nobody takes it. */
import type { Flow } from './exchange.js';
import { RangeReceiver } from './range-receiver.js';

const mostWaiting = 2 ** 20;

export class StreamReceiver extends RangeReceiver {
  private readonly waiting: Buffer[] = [];
  private waitingBytes = 0;
  private held: Flow | undefined;
  private ended: { thrown?: unknown } | undefined;
  private wake: () => void = () => undefined;

  protected deliver(chunk: Buffer, flow: Flow): void {
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    if (this.waitingBytes >= mostWaiting) {
      flow.pause();
      this.held = flow;
    }
    this.wake();
  }

  /** @param received ends when everything has come */
  async *chunks(received: Promise<unknown>): AsyncGenerator<Buffer> {
    const end = (how: { thrown?: unknown }) => {
      this.ended = how;
      this.wake();
    };
    received.then(
      () => end({}),
      (thrown: unknown) => end({ thrown }),
    );
    for (;;) {
      for (let chunk = this.waiting.shift(); chunk; chunk = this.waiting.shift()) {
        this.waitingBytes -= chunk.length;
        if (this.waiting.length === 0) this.letMoreCome();
        yield chunk;
      }
      if (this.ended && 'thrown' in this.ended) throw this.ended.thrown;
      if (this.ended) return;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  private letMoreCome(): void {
    this.held?.resume();
    this.held = undefined;
  }
}
