/** What the metadata service of an EC2 instance tells; version 2 of its protocol alone. */
import { MetadataService } from '@aws-sdk/ec2-metadata-service';
import { LongshoreError, messageOf } from '@longshore/core';

export interface MetadataOptions {
  /** As the AWS SDK reads it, when absent: `AWS_EC2_METADATA_SERVICE_ENDPOINT`, the shared configuration, else the link-local address. */
  endpoint?: string;
  /** It is one hop away; where nobody answers in this time, nobody will. */
  withinMs?: number;
  /** How long a token is asked for; six hours are the most there is. */
  tokenSeconds?: number;
}

const tokenHeader = 'x-aws-ec2-metadata-token';

export class InstanceMetadata {
  private readonly service: MetadataService;
  private token: string | undefined;

  constructor({ endpoint, withinMs = 1_000, tokenSeconds = 21_600 }: MetadataOptions = {}) {
    this.service = new MetadataService({
      ...(endpoint !== undefined && { endpoint }),
      httpOptions: { timeout: withinMs },
      tokenTtl: tokenSeconds,
      retries: 0,
      // Left to itself the SDK asks for a token with every request, and goes on for ever without one after a single answer that came late.
      disableFetchToken: true,
      ec2MetadataV1Disabled: false,
    });
  }

  /**
   * @param path below the root, without a slash in front
   * @returns undefined where there is nothing
   * @throws LongshoreError `machine-unknown` where no metadata service is to be reached, `machine-failed` for what may pass by itself
   */
  async read(path: string): Promise<string | undefined> {
    if (process.env.AWS_EC2_METADATA_DISABLED === 'true') {
      throw unknown('AWS_EC2_METADATA_DISABLED forbids to ask for it');
    }
    const known = this.token !== undefined;
    try {
      return await this.get(path);
    } catch (thrown) {
      if (statusOf(thrown) === 404) return undefined;
      if (statusOf(thrown) !== 401) throw metadataError(thrown);
    }
    // The token is over before its time: after a restore from hibernation, for one.
    this.token = undefined;
    if (!known) throw new LongshoreError('machine-failed', 'The metadata service does not take the token it gave.');
    return this.read(path);
  }

  private async get(path: string): Promise<string> {
    this.token ??= await this.service.fetchMetadataToken().catch((thrown: unknown) => {
      // Here, nothing is no answer: what gives no token is no metadata service of version 2.
      throw statusOf(thrown) === 404 ? unknown(messageOf(thrown)) : metadataError(thrown);
    });
    // The SDK leaves the body of a refusal unread; without this header each 404 keeps a connection open (measured: 100 of 100).
    return this.service.request(path, { headers: { [tokenHeader]: this.token, connection: 'close' } });
  }
}

/** Refused for good (403 where the service is turned off, 405 without version 2) and not reached at all are the same to us: no cloud. */
function metadataError(thrown: unknown): LongshoreError {
  if (thrown instanceof LongshoreError) return thrown;
  const status = statusOf(thrown);
  if (status === undefined || [400, 403, 405].includes(status)) return unknown(messageOf(thrown), thrown);
  return new LongshoreError('machine-failed', `The metadata service of this machine fails: ${messageOf(thrown)}.`, {
    cause: thrown,
  });
}

function unknown(why: string, cause?: unknown): LongshoreError {
  return new LongshoreError('machine-unknown', `No cloud says who this machine is: ${why}.`, {
    remedy:
      'On EC2, allow the metadata service with tokens; for processes in a container, with a hop limit of 2 or more.',
    cause,
  });
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof LongshoreError) return undefined;
  const { $metadata, message = '' } = thrown as { $metadata?: { httpStatusCode?: number }; message?: string };
  // The SDK keeps the status of a request, and only writes down that of a token.
  const written = /status code (\d{3})/.exec(message)?.[1];
  return $metadata?.httpStatusCode ?? (written === undefined ? undefined : Number(written));
}
