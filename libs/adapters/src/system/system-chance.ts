/** Real chance. */
import { randomUUID } from 'node:crypto';
import { Chance } from '@longshore/core';

export class SystemChance extends Chance {
  fraction(): number {
    return Math.random();
  }

  id(): string {
    return randomUUID();
  }
}
