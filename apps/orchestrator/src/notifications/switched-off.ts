/** Channels that want no more: a receiver that has said so is not asked again until a test has reached it. */
import { Injectable, Logger } from '@nestjs/common';
import { Clock, JobStore } from '@longshore/core';

const recordName = 'channels-off';

@Injectable()
export class SwitchedOff {
  private readonly log = new Logger(SwitchedOff.name);

  constructor(
    private readonly store: JobStore,
    private readonly clock: Clock,
  ) {}

  async has(channel: string): Promise<boolean> {
    return Object.hasOwn((await this.store.findRecord(recordName)) ?? {}, channel);
  }

  async add(channel: string, why: string): Promise<void> {
    const now = this.clock.now();
    await this.store.changeRecord(recordName, (found) => ({ record: { ...found, [channel]: now } }));
    this.log.warn(`Nothing is sent by ${channel} any more: ${why}`);
  }

  async remove(channel: string): Promise<void> {
    if (!(await this.has(channel))) return;
    await this.store.changeRecord(recordName, (found = {}) => {
      const { [channel]: _off, ...others } = found;
      return { record: others };
    });
    this.log.log(`News is sent by ${channel} again.`);
  }
}
