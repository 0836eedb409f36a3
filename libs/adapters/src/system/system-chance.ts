/** Real chance. */
import { randomUUID } from 'node:crypto';
import { Chance } from '@longshore/core';

export class SystemChance extends Chance {
  fraction(): number {
    return Math.random();
  }

  /** A UUID of version 7: names made one after the other lie side by side in an index, where those of version 4 each touch a page of their own. */
  id(): string {
    const time = Date.now().toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
  }
}
