/** Leaves the address of this orchestrator where workers look for it, as soon as it serves, and tries until that is done. */
import {
  Inject,
  Injectable,
  Logger,
  Optional,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { asLongshoreError, Chance, Clock, Discovery } from '@longshore/core';
import { backOffMs } from '../back-off.js';
import { Happenings } from '../events/happenings.js';
import { Readiness } from '../http/readiness.js';
import { OwnAddress } from './own-address.js';

const readinessName = 'the address';

@Injectable()
export class AddressPublisher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger(AddressPublisher.name);
  private readonly stopping = new AbortController();
  private publishing: Promise<void> = Promise.resolve();
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly address: OwnAddress,
    private readonly clock: Clock,
    private readonly chance: Chance,
    private readonly happenings: Happenings,
    private readonly readiness: Readiness,
    @Optional() @Inject(Discovery) private readonly discovery: Discovery | null,
  ) {}

  onApplicationBootstrap(): void {
    const { discovery } = this;
    if (!discovery) return;
    this.readiness.waitsFor(readinessName, 'Workers were not told the address yet.');
    this.unsubscribe = this.happenings.serving.subscribe((servedAt) => {
      this.publishing = this.publish(discovery, servedAt);
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.unsubscribe();
    this.stopping.abort();
    await this.publishing;
  }

  private async publish(discovery: Discovery, servedAt: string): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const url = await this.address.find(servedAt);
        await discovery.publish(url, signal);
        this.log.log(`Workers find this orchestrator at ${url}.`, { url });
        return this.readiness.has(readinessName);
      } catch (thrown) {
        if (signal.aborted) return;
        const error = asLongshoreError(thrown, 'discovery-failed', 'The address could not be left for workers');
        this.readiness.waitsFor(readinessName, `Workers could not be told the address yet (${error.code}).`);
        this.log.warn(`The address could not be left for workers and will be tried again: ${error.sentence}`);
        await this.clock.sleep(backOffMs(failures, this.chance), signal);
      }
    }
  }
}
