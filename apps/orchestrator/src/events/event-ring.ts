/** The last events, numbered, for readers that were away for a moment. */
import type { StreamEvent } from '@longshore/core/protocol';

export interface NumberedEvent {
  id: string;
  event: StreamEvent;
  /** The job it is about; absent for events of workers. */
  jobId: string | undefined;
}

/** What a reader who was away has to be told first. */
export type Missed = { events: readonly NumberedEvent[] } | { resync: 'unknown-event' | 'too-long-ago' };

export class EventRing {
  private readonly events: NumberedEvent[] = [];
  private last = 0;

  /**
   * @param life a name of this ring: the numbers of another one mean nothing here
   * @param size events kept
   */
  constructor(
    private readonly life: string,
    private readonly size: number,
  ) {}

  get lastId(): string {
    return `${this.life}-${this.last}`;
  }

  add(event: StreamEvent, jobId: string | undefined): NumberedEvent {
    this.last += 1;
    const numbered = { id: this.lastId, event, jobId };
    this.events.push(numbered);
    if (this.events.length > this.size) this.events.shift();
    return numbered;
  }

  after(id: string): Missed {
    const [, life, number] = /^(.*)-(\d{1,15})$/.exec(id) ?? [];
    const known = Number(number);
    if (life !== this.life || known > this.last) return { resync: 'unknown-event' };
    if (known < this.last - this.events.length) return { resync: 'too-long-ago' };
    return { events: this.events.slice(this.events.length - (this.last - known)) };
  }
}
