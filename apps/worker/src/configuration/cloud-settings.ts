/** What a worker is told of the cloud it runs in, if it runs in one. */
import type { Settings } from '@longshore/adapters/settings';
import { LongshoreError } from '@longshore/core';

export type Shutdown = 'stop' | 'terminate' | 'exit' | 'none';

export class CloudSettings {
  /** Name of the parameter in which the orchestrator leaves its address; absent where the address is given. */
  readonly urlParameter: string | undefined;
  /** `auto` asks the metadata service where the machine looks like one that has it. */
  readonly kind: 'auto' | 'ec2' | 'none';
  readonly onRebalance: 'drain' | 'ignore';
  readonly spotPollMs: number;
  /** What becomes of the machine when the worker has ended by itself. */
  readonly shutdown: Shutdown;
  /** How long to go on without any orchestrator; undefined for ever. */
  readonly giveUpMs: number | undefined;

  /** @throws LongshoreError `invalid-configuration` */
  constructor(settings: Settings) {
    this.urlParameter = settings.text('LONGSHORE_URL', '') === '' ? parameterName(settings) : undefined;
    this.shutdown = settings.choice('LONGSHORE_SHUTDOWN', 'exit', ['stop', 'terminate', 'exit', 'none']);
    const kind = settings.choice('LONGSHORE_CLOUD', 'auto', ['auto', 'ec2', 'none']);
    if (kind === 'none' && this.endsMachine) {
      throw new LongshoreError(
        'invalid-configuration',
        `LONGSHORE_SHUTDOWN is "${this.shutdown}", but LONGSHORE_CLOUD is "none": no cloud could end this machine.`,
        { remedy: 'Set LONGSHORE_SHUTDOWN to exit, or unset LONGSHORE_CLOUD.' },
      );
    }
    // Whoever wants the machine ended says that it is one of the cloud.
    this.kind = kind === 'auto' && this.endsMachine ? 'ec2' : kind;
    this.onRebalance = settings.choice('LONGSHORE_ON_REBALANCE', 'drain', ['drain', 'ignore']);
    this.spotPollMs = settings.number('LONGSHORE_SPOT_POLL_SECONDS', 5, { min: 0.05, max: 60 }) * 1000;
    const minutes = settings.number('LONGSHORE_GIVE_UP_MINUTES', this.endsMachine ? 60 : 0, { min: 0, max: 100_000 });
    this.giveUpMs = minutes === 0 ? undefined : minutes * 60_000;
    Object.freeze(this);
  }

  private get endsMachine(): boolean {
    return this.shutdown === 'stop' || this.shutdown === 'terminate';
  }
}

function parameterName(settings: Settings): string | undefined {
  const name = settings.text('LONGSHORE_URL_PARAMETER', '');
  return name === '' ? undefined : name;
}
