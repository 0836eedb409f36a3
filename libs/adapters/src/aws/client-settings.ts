/** What every client of AWS is made with, so that no call waits for ever. */

export interface AwsClientSettings {
  region: string;
  maxAttempts: number;
  requestHandler: { connectionTimeout: number; requestTimeout: number; throwOnRequestTimeout: boolean };
}

/**
 * Credentials and endpoint come from the environment, as the AWS SDK reads them.
 *
 * @param patienceMs longest time for one try of a call; the SDK makes three
 */
export function awsClientSettings(patienceMs: number): AwsClientSettings {
  return {
    region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1',
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: Math.min(5_000, patienceMs),
      requestTimeout: patienceMs,
      // Without it the SDK only warns.
      throwOnRequestTimeout: true,
    },
  };
}
