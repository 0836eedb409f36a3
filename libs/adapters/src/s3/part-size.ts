/** How a file is cut into the parts of a multipart upload. */

const MiB = 2 ** 20;
/** S3 takes at most 10,000 parts, each but the last at least 5 MiB. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const mostParts = 10_000;
const usualPartBytes = 8 * MiB;

/** @returns bytes of every part but the last */
export function partSize(sizeBytes: number): number {
  return Math.max(usualPartBytes, Math.ceil(sizeBytes / mostParts));
}
