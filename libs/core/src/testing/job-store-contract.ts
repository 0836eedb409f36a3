/** What every job store must do, in memory or on disk. */
import { afterEach, beforeEach, describe } from '@jest/globals';
import type { JobStore } from '../ports/job-store.js';
import { cuttingContract } from './job-store/cutting.js';
import { groupsContract } from './job-store/groups.js';
import { jobsContract } from './job-store/jobs.js';
import { insightContract } from './job-store/insight.js';
import { hasteningContract } from './job-store/hastening.js';
import { leasingContract } from './job-store/leasing.js';
import { receiptsContract } from './job-store/receipts.js';
import { lifeCycleModelContract } from './job-store/life-cycle-model.js';
import { recordsContract } from './job-store/records.js';
import { outboxContract } from './job-store/outbox.js';
import { sideRecordsContract } from './job-store/side-records.js';
import type { JobStoreSubject } from './job-store/subject.js';
import { taskChangesContract } from './job-store/task-changes.js';
import { tasksContract } from './job-store/tasks.js';
import { turnsContract } from './job-store/turns.js';
import { tokensContract } from './job-store/tokens.js';
import { vitalSignsContract } from './job-store/vital-signs.js';
import { wholeLivesContract } from './job-store/whole-lives.js';

export type { JobStoreSubject } from './job-store/subject.js';

/** @param open gives an empty store */
export function jobStoreContract(name: string, open: () => Promise<JobStoreSubject>): void {
  describe(name, () => {
    let subject: JobStoreSubject;
    const store = (): JobStore => subject.store;

    beforeEach(async () => {
      subject = await open();
    });

    afterEach(() => subject.close());

    jobsContract(store);
    groupsContract(store, () => subject);
    tasksContract(store);
    leasingContract(store);
    turnsContract(store);
    cuttingContract(store, () => subject);
    hasteningContract(store);
    taskChangesContract(store);
    receiptsContract(store);
    sideRecordsContract(store);
    outboxContract(store);
    recordsContract(store, () => subject);
    lifeCycleModelContract(store);
    tokensContract(store);
    insightContract(store);
    vitalSignsContract(store);
    wholeLivesContract(store, () => subject);
  });
}
