/** Sends an example by every channel, so that an operator sees what each answers before anything is wrong. */
import { Injectable } from '@nestjs/common';
import { Chance, Clock, exampleNews, LongshoreError, messageOf, type NewsEvent } from '@longshore/core';
import type { ChannelTestAnswer } from '@longshore/core/protocol';
import { Channels, type Channel } from './channels.js';
import { NewsWords } from './news-words.js';
import { SwitchedOff } from './switched-off.js';

@Injectable()
export class ChannelTest {
  constructor(
    private readonly channels: Channels,
    private readonly words: NewsWords,
    private readonly off: SwitchedOff,
    private readonly clock: Clock,
    private readonly chance: Chance,
  ) {}

  /** At once and beside the outbox; what is not reached is not tried again. */
  async run(event: NewsEvent): Promise<ChannelTestAnswer[]> {
    const news = exampleNews(event, `test:${event}:${this.chance.id()}`, this.clock.now());
    const notification = { id: news.id, news, ...this.words.of(news) };
    return Promise.all(
      this.channels.all.map(async (channel): Promise<ChannelTestAnswer> => {
        const wanted = this.channels.for(event).includes(channel);
        const trouble = await this.tried(channel, () => channel.notifier.notify(notification));
        return {
          channel: channel.name,
          wanted,
          sent: trouble === undefined,
          ...(trouble !== undefined && { reason: trouble }),
        };
      }),
    );
  }

  private async tried({ name }: Channel, send: () => Promise<void>): Promise<string | undefined> {
    try {
      await send();
      await this.off.remove(name);
      return undefined;
    } catch (thrown) {
      return thrown instanceof LongshoreError ? thrown.sentence : `${messageOf(thrown)}.`;
    }
  }
}
