/** Makes news of what changes, addressed to every channel that wants it; whoever changes something stores it in the same step. */
import { Injectable } from '@nestjs/common';
import {
  endNews,
  pausedBy,
  pauseNews,
  type Failure,
  type Job,
  type JobMoment,
  type News,
  type Notice,
  type PauseFacts,
  type Tell,
} from '@longshore/core';
import { Channels } from './channels.js';

@Injectable()
export class Newsroom {
  constructor(private readonly channels: Channels) {}

  /** One entry for each channel: one that cannot be reached keeps no other waiting. */
  notices(news: News): Notice[] {
    return this.channels.for(news.event).map(({ name }) => ({ id: `${news.id}@${name}`, channel: name, news }));
  }

  /** Of a job that the change ends. */
  readonly end: Tell = (moment: JobMoment) => {
    const news = endNews(moment);
    return news ? this.notices(news) : [];
  };

  /** Pauses a job at a fault that no second try can mend, and tells people so in the same step. */
  pause(job: Job, why: Failure, facts: PauseFacts): { job: Job; tell?: Tell } {
    const paused = pausedBy(job, why);
    return paused ? { job: paused, tell: (moment) => this.notices(pauseNews(moment, why, facts)) } : { job };
  }
}
