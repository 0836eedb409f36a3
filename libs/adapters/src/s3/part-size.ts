/** How a file is cut into the parts of a multipart upload. */
import { formatBytes, LongshoreError } from '@longshore/core';

const MiB = 2 ** 20;
const GiB = 2 ** 30;
/** S3 takes at most 10,000 parts of at most 5 GiB, each but the last at least 5 MiB. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const mostParts = 10_000;
const largestPartBytes = 5 * GiB;
const usualPartBytes = 8 * MiB;

/** 48.8 TiB. A file is never sent in one request, whose limit of 5 GiB so does not matter. */
export const largestObjectBytes = mostParts * largestPartBytes;

/**
 * @returns bytes of every part but the last
 * @throws LongshoreError `output-too-large` for what S3 cannot store
 */
export function partSize(sizeBytes: number): number {
  if (sizeBytes <= largestObjectBytes) return Math.max(usualPartBytes, Math.ceil(sizeBytes / mostParts));
  throw new LongshoreError(
    'output-too-large',
    `An output has ${formatBytes(sizeBytes)}, and S3 stores objects of at most ${formatBytes(largestObjectBytes)}.`,
    { remedy: 'Let the command write several smaller files.' },
  );
}
