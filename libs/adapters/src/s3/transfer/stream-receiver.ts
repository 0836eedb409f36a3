/** Hands on what comes, chunk by chunk, and lets nothing more come while nobody takes it. */
import { Backlog } from './backlog.js';
import type { Flow } from './exchange.js';
import { RangeReceiver } from './range-receiver.js';

export class StreamReceiver extends RangeReceiver {
  private readonly backlog = new Backlog();
  private ended: { thrown?: unknown } | undefined;
  private wake: () => void = () => undefined;

  protected deliver(chunk: Buffer, flow: Flow): void {
    this.backlog.add(chunk, flow);
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
      for (let { first } = this.backlog; first; first = this.backlog.first) {
        this.backlog.removeFirst();
        yield first;
      }
      if (this.ended && 'thrown' in this.ended) throw this.ended.thrown;
      if (this.ended) return;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }
}
