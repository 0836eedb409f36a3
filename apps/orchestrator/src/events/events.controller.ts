/** What happens, told as it happens. */
import { Controller, Get, Headers, Param, Res, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Response } from 'express';
import { Allow } from '../access/allow.js';
import { CurrentCaller, type Caller } from '../access/caller.js';
import { TooManyRequests } from '../access/request-limits.js';
import { Revocations } from '../access/revocations.js';
import { Found } from '../jobs/found.js';
import { Describe } from '../openapi/describe.js';
import { EventFeed } from './event-feed.js';
import { EventStream, type Reader } from './event-stream.js';

const signOfLifeMs = 15_000;
const mostReaders = 500;

const details =
  'Events are `job`, `task`, `tasks`, `worker` and `resync` (see the schemas of the same names). Send the id of the last one in ' +
  '`Last-Event-ID` to go on behind it. After `resync` nobody knows what was missed: ask for everything anew. ' +
  'A browser reads it with `fetch`, because `EventSource` sends no token.';

@Controller('api/v1')
export class EventsController implements BeforeApplicationShutdown {
  private readonly streams = new Set<EventStream>();

  constructor(
    private readonly feed: EventFeed,
    private readonly found: Found,
    private readonly revocations: Revocations,
  ) {}

  @Get('events')
  @Allow('read')
  @Describe({ summary: 'What happens, as it happens', details, tag: 'events', answer: { media: 'text/event-stream' } })
  async all(
    @Res() response: Response,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentCaller() caller?: Caller,
  ): Promise<void> {
    await this.open(response, { jobId: undefined, lastEventId }, caller);
  }

  @Get('jobs/:id/events')
  @Allow('read')
  @Describe({
    summary: 'What happens to one job, as it happens',
    details,
    tag: 'events',
    answer: { media: 'text/event-stream' },
    problems: ['job-not-found'],
  })
  async ofJob(
    @Param('id') id: string,
    @Res() response: Response,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentCaller() caller?: Caller,
  ): Promise<void> {
    const job = await this.found.job(id);
    await this.open(response, { jobId: job.id, lastEventId }, caller);
  }

  /** Ends them, because the server waits for its connections. */
  beforeApplicationShutdown(): void {
    for (const stream of this.streams) stream.end();
  }

  private async open(response: Response, reader: Reader, caller: Caller | undefined): Promise<void> {
    if (this.streams.size >= mostReaders) throw new TooManyRequests('Too many read the events already.', signOfLifeMs);
    const revoked = new AbortController();
    const leave = await this.revocations.watch(caller, () => revoked.abort());
    const stream = new EventStream(response, this.feed, reader);
    this.streams.add(stream);
    const timer = setInterval(() => stream.signOfLife(), signOfLifeMs);
    revoked.signal.addEventListener('abort', () => stream.end());
    if (revoked.signal.aborted) stream.end();
    response.once('close', () => {
      clearInterval(timer);
      leave();
      stream.end();
      this.streams.delete(stream);
    });
  }
}
