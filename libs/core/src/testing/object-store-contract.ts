/** What every object store promises, run against the real ones and the fake alike. */
import { afterEach, beforeEach, describe } from '@jest/globals';
import { listingContract } from './object-store/listing.js';
import { publishingContract } from './object-store/publishing.js';
import { readingContract } from './object-store/reading.js';
import { stagingContract } from './object-store/staging.js';
import { ObjectStoreTrial, type ObjectStoreSubject } from './object-store/subject.js';

export { hostileNames } from './object-store/hostile-names.js';
export type { ObjectStoreSubject } from './object-store/subject.js';

/** @param open gives a store with an empty location, for each test anew */
export function objectStoreContract(name: string, open: () => Promise<ObjectStoreSubject>): void {
  describe(`${name} as an object store:`, () => {
    let opened: ObjectStoreTrial;
    const trial = () => opened;

    beforeEach(async () => {
      opened = await ObjectStoreTrial.open(open);
    });

    afterEach(() => opened[Symbol.asyncDispose]());

    listingContract(trial);
    readingContract(trial);
    stagingContract(trial);
    publishingContract(trial);
  });
}
