/** The ways on which people are told. */
import type { NewsEvent, Notifier } from '@longshore/core';
import type { ChannelKind } from '../configuration/news-settings.js';

export interface Channel {
  /** Unique, and the same after every restart: what is in the outbox names it. */
  name: string;
  kind: ChannelKind;
  notifier: Notifier;
}

/** The injection token of all there are. */
export class Channels {
  constructor(
    readonly all: readonly Channel[],
    private readonly wanted: Readonly<Record<ChannelKind, readonly NewsEvent[]>>,
  ) {}

  get names(): string[] {
    return this.all.map(({ name }) => name);
  }

  for(event: NewsEvent): readonly Channel[] {
    return this.all.filter(({ kind }) => this.wanted[kind].includes(event));
  }
}
