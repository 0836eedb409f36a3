/** What was typed cannot be meant; the exit code says so. */
import { LongshoreError } from '@longshore/core';

export class UsageError extends LongshoreError {
  constructor(message: string, remedy: string) {
    super('invalid-request', message, { remedy });
  }
}
