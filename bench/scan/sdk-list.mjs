/** What the SDK alone needs to list a bucket, when nothing is done with it. Prints how many keys there were, and the seconds. */
import { paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';

const client = new S3Client({ forcePathStyle: true });
const startedAt = performance.now();
let keys = 0;
for await (const page of paginateListObjectsV2({ client }, { Bucket: 'bucket', Prefix: 'in/' })) {
  keys += page.Contents?.length ?? 0;
}
process.stdout.write(`${keys} ${(performance.now() - startedAt) / 1000}\n`);
