/** A machine that no cloud lends. */
import { LongshoreError, Machine } from '@longshore/core';

export class NoMachine extends Machine {
  async identity(): Promise<undefined> {
    return undefined;
  }

  async interruption(): Promise<never> {
    throw unknown();
  }

  async end(): Promise<never> {
    throw unknown();
  }
}

function unknown(): LongshoreError {
  return new LongshoreError('machine-unknown', 'This machine is none of a cloud, as far as anybody can tell.', {
    remedy: 'On EC2, set LONGSHORE_CLOUD to ec2.',
  });
}
