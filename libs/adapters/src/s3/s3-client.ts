/** The connection of one store to S3, or to anything that speaks it. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

export type S3Settings = Pick<
  S3ClientConfig,
  'endpoint' | 'region' | 'forcePathStyle' | 'credentials' | 'maxAttempts' | 'requestHandler'
>;

const connectWithinMs = 10_000;
/** Nothing sent and nothing received for so long is a dead connection; the SDK by itself would wait for ever. */
const idleWithinMs = 60_000;

/** What is not given comes from where the AWS SDK looks for it: the environment, the shared files, the role of the machine. */
export function createS3Client(settings: S3Settings = {}): S3Client {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  const ownEndpoint = settings.endpoint ?? [AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL].find(Boolean);
  return new S3Client({
    region: configuredRegion,
    // Buckets as host names need a wildcard DNS entry, which other stores than AWS rarely have.
    forcePathStyle: ownEndpoint !== undefined,
    followRegionRedirects: true,
    maxAttempts: 5,
    retryMode: 'adaptive',
    requestHandler: { connectionTimeout: connectWithinMs, socketTimeout: idleWithinMs },
    // Older stores refuse the checksum headers the SDK would add to uploads by itself; parts carry an MD5 instead.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    ...settings,
  });
}

/** Where no region is set any will do, because AWS redirects to the right one and other stores do not care. */
async function configuredRegion(): Promise<string> {
  return new S3Client({}).config.region().catch(() => 'us-east-1');
}
