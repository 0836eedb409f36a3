/** Copies the state file of an embedded store while it is in use. */
import { StateCopier } from '@longshore/core';
import type { SqliteJobStore } from './sqlite-job-store.js';

export class SqliteStateCopier extends StateCopier {
  constructor(private readonly store: SqliteJobStore) {
    super();
  }

  copyTo(path: string): Promise<void> {
    return this.store.copyTo(path);
  }
}
