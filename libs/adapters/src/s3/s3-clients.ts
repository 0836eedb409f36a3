/** The connections to S3: one for each way a bucket is reached, made when it is first needed. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { fromNodeProviderChain, fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import {
  allowStorage,
  defaultStoragePolicy,
  type AssumedRole,
  type Location,
  type StorageAccess,
  type StoragePolicy,
} from '@longshore/core';
import { PatientRetries } from './retries.js';
import { isExpired, regionElsewhere } from './s3-errors.js';
import type { HotAnswer, HotOptions } from './transfer/hot-path.js';
import type { HotCommand } from './transfer/hot-requests.js';
import { Transfers, type Transferred } from './transfer/transfer.js';

export interface S3Connections {
  /** Wins over everything that jobs and the environment say. */
  config?: S3ClientConfig;
  /** A connection on which nothing comes for so long counts as lost; the SDK alone would wait for ever. */
  patienceMs?: number;
  /** Tries of one request. */
  mostTries?: number;
  /** The endpoints and roles that a location may name. */
  policy?: StoragePolicy;
}

/** A command of the S3 client, which may be sent more than once. */
type Sent<Output> = (client: S3Client, options: { abortSignal?: AbortSignal }) => Promise<Output>;

/** Reads and writes of some hundred buckets at the same time; those used longest ago make room. */
const mostClients = 200;

export class S3Clients {
  private readonly clients = new Map<string, S3Client>();
  /** Where buckets have turned out to be that were looked for elsewhere. */
  private readonly regions = new Map<string, string>();
  private readonly config: S3ClientConfig;
  private readonly patienceMs: number;
  private readonly mostTries: number | undefined;
  private readonly policy: StoragePolicy;
  private readonly transfers: Transfers;

  constructor({ config = {}, patienceMs = 60_000, mostTries, policy = defaultStoragePolicy }: S3Connections) {
    [this.config, this.patienceMs, this.mostTries, this.policy] = [config, patienceMs, mostTries, policy];
    // Whoever brings a way of his own to send requests wants all of them sent so.
    this.transfers = new Transfers(patienceMs, config.requestHandler === undefined);
  }

  /** Sends a command that every object needs. @param make is asked for each try */
  transfer(location: Location, make: () => HotCommand, options: HotOptions): Promise<Transferred> {
    const place = placeOf(location);
    return this.send(location, (client) => this.transfers.send({ client, place }, make, options), options.signal);
  }

  /** The same past the SDK only: nothing where requests may not go there. */
  ask(location: Location, make: () => HotCommand, options: HotOptions): Promise<HotAnswer | undefined> {
    const place = placeOf(location);
    return this.send(location, (client) => this.transfers.ask({ client, place }, make, options), options.signal);
  }

  /**
   * Sends a command to the bucket of a location. Where the bucket is in another region it is sent there, and all that follow too; where the credentials
   * have expired it is sent once more with new ones.
   *
   * @throws LongshoreError `storage-refused`, or what the SDK throws
   */
  async send<Output>(location: Location, sent: Sent<Output>, signal?: AbortSignal): Promise<Output> {
    allowStorage(location, this.policy);
    const options = signal ? { abortSignal: signal } : {};
    for (let corrections = 0; ; corrections += 1) {
      const key = keyOf(location);
      const client = this.clients.get(key) ?? this.create(location);
      this.clients.delete(key);
      this.clients.set(key, client);
      try {
        return await sent(client, options);
      } catch (thrown) {
        if (corrections === 2 || !this.correct(key, client, thrown)) throw thrown;
      }
    }
  }

  /** @returns whether another client may have more luck */
  private correct(key: string, used: S3Client, thrown: unknown): boolean {
    const region = regionElsewhere(thrown);
    if (region === undefined && !isExpired(thrown)) return false;
    if (region !== undefined && this.regions.get(key) === region) return false;
    if (region !== undefined) this.regions.set(key, region);
    // Another request may have replaced it already.
    if (this.clients.get(key) === used) this.clients.delete(key);
    return true;
  }

  private create({ storage = {}, ...location }: Location): S3Client {
    // Requests may be under way on it; it ends with the last of them.
    const [oldest] = this.clients.keys();
    if (oldest !== undefined && this.clients.size >= mostClients) this.clients.delete(oldest);
    const endpoint = storage.endpoint ?? process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
    const region = this.regions.get(keyOf({ storage, ...location })) ?? storage.region ?? ownRegion();
    return new S3Client({
      region,
      ...(storage.endpoint !== undefined && { endpoint: storage.endpoint }),
      // Buckets as host names need a wildcard DNS entry that other stores than AWS rarely have.
      forcePathStyle: storage.pathStyle ?? (this.config.endpoint ?? endpoint) !== undefined,
      retryStrategy: new PatientRetries(this.mostTries),
      // Older stores refuse the checksum headers the SDK would add by itself; parts carry an MD5 instead.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      // What comes back is compared with the checksum the store keeps, where it keeps one.
      responseChecksumValidation: 'WHEN_SUPPORTED',
      requestHandler: { connectionTimeout: Math.min(10_000, this.patienceMs), socketTimeout: this.patienceMs },
      ...this.config,
      credentials: this.credentials(storage, region),
    });
  }

  /** They are read anew by each client, files too, so that a new client has new ones. */
  private credentials({ role }: StorageAccess, region: string): NonNullable<S3ClientConfig['credentials']> {
    const own = this.config.credentials ?? fromNodeProviderChain({ ignoreCache: true });
    return role ? roleCredentials(role, own, region) : own;
  }
}

function keyOf({ bucket, storage: { endpoint, region, pathStyle, role } = {} }: Location): string {
  return JSON.stringify([bucket, endpoint, region, pathStyle, role?.arn, role?.externalId]);
}

function placeOf({ bucket, storage }: Location): string {
  return JSON.stringify([bucket, storage?.endpoint]);
}

function ownRegion(): string {
  return process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
}

/** They are taken anew some minutes before they end. */
function roleCredentials(
  { arn, externalId }: AssumedRole,
  masterCredentials: NonNullable<S3ClientConfig['credentials']>,
  region: string,
): NonNullable<S3ClientConfig['credentials']> {
  const params = {
    RoleArn: arn,
    // The owner of the role sees in its log who came.
    RoleSessionName: `longshore-${process.pid}`,
    ...(externalId !== undefined && { ExternalId: externalId }),
  };
  return fromTemporaryCredentials({ masterCredentials, params, clientConfig: { region } });
}
