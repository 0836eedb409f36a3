/** The bucket of one location, as the commands that go to it see it. */
import type { GetObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { Location, StorageSettings } from '@longshore/core';
import type { S3Clients } from './s3-clients.js';
import type { HotAnswer, HotOptions } from './transfer/hot-path.js';
import type { HotCommand } from './transfer/hot-requests.js';
import type { Transferred } from './transfer/transfer.js';

export class S3Bucket {
  readonly name: string;
  readonly prefix: string;
  readonly settings: StorageSettings;

  constructor(
    private readonly clients: S3Clients,
    private readonly location: Location,
  ) {
    this.name = location.bucket;
    this.prefix = location.prefix;
    this.settings = location.storage ?? {};
  }

  /** What every request to this bucket says. */
  get common(): { Bucket: string } & Pick<GetObjectCommandInput, 'RequestPayer'> {
    return { Bucket: this.name, ...(this.settings.requesterPays && { RequestPayer: 'requester' }) };
  }

  /** @param request sends the command; it may be called more than once */
  send<Output>(
    request: (client: S3Client, options: { abortSignal?: AbortSignal }) => Promise<Output>,
    signal?: AbortSignal,
  ): Promise<Output> {
    return this.clients.send(this.location, request, signal);
  }

  /**
   * Sends one of the commands that every object needs, past the SDK where that is known to be the same.
   *
   * @param make is asked for each try
   */
  transfer(make: () => HotCommand, options: HotOptions): Promise<Transferred> {
    return this.clients.transfer(this.location, make, options);
  }

  /** The same past the SDK only: nothing where requests may not go there. */
  ask(make: () => HotCommand, options: HotOptions): Promise<HotAnswer | undefined> {
    return this.clients.ask(this.location, make, options);
  }
}
