/** One reader of the event stream: what it missed, what happens, and a sign of life in between. */
import type { ServerResponse } from 'node:http';
import type { EventFeed } from './event-feed.js';
import type { NumberedEvent } from './event-ring.js';

/** What may lie unsent for a reader that is slow; one that is slower is sent away, and asks for what it missed. */
const unsentBytes = 262_144;

export interface Reader {
  /** Only what is about this job. */
  jobId: string | undefined;
  /** The last event that it knows. */
  lastEventId: string | undefined;
}

export class EventStream {
  private readonly leave: () => void;

  constructor(
    private readonly response: ServerResponse,
    private readonly feed: EventFeed,
    private readonly reader: Reader,
  ) {
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      // For a proxy that would wait until it has more.
      'x-accel-buffering': 'no',
    });
    this.begin();
    this.leave = feed.told.subscribe((event) => this.send(event));
  }

  /** A comment, which readers ignore and which keeps connections open. */
  signOfLife(): void {
    this.write(': alive\n\n');
  }

  end(): void {
    this.leave();
    this.response.end();
  }

  /** Everything until here happens without a pause, so that nothing is told in between. */
  private begin(): void {
    this.write('retry: 2000\n: connected\n');
    const { lastEventId } = this.reader;
    if (lastEventId === undefined) return this.write(`id: ${this.feed.lastId}\n\n`);
    const missed = this.feed.after(lastEventId);
    this.write('\n');
    if ('events' in missed) missed.events.forEach((event) => this.send(event));
    else this.write(block(this.feed.lastId, 'resync', { reason: missed.resync }));
  }

  private send({ id, event, jobId }: NumberedEvent): void {
    if (this.reader.jobId !== undefined && jobId !== this.reader.jobId) return;
    this.write(block(id, event.event, event.data));
  }

  private write(text: string): void {
    if (this.response.destroyed) return;
    this.response.write(text);
    if (this.response.writableLength > unsentBytes) this.response.destroy();
  }
}

/** JSON holds no line break of its own. */
function block(id: string, event: string, data: object): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
