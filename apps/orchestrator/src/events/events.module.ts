/** The event stream. */
import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { EventFeed } from './event-feed.js';
import { EventsController } from './events.controller.js';

@Module({
  imports: [AccessModule, JobsModule],
  controllers: [EventsController],
  providers: [EventFeed],
  exports: [EventFeed],
})
export class EventsModule {}
