/** Sends the commands that every object needs: past the SDK, or with it where only it knows the way. */
import type { GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { Dispatcher } from 'undici';
import { openConnections, type Flow } from './exchange.js';
import { HotPath, type HotAnswer, type HotOptions } from './hot-path.js';
import type { HotCommand } from './hot-requests.js';
import { Pace } from './pace.js';
import { tagged } from './service-errors.js';

/** What the commands tell besides the bytes that a receiver takes. */
export interface Transferred {
  ETag?: string | undefined;
  UploadId?: string | undefined;
  /** How often it was sent. */
  attempts: number;
}

/** Paces of some hundred buckets; those used longest ago make room. */
const mostPaces = 200;

export class Transfers {
  private readonly paces = new Map<string, Pace>();
  private readonly hotPath: HotPath;

  /** @param isHot whether requests may go past the SDK */
  constructor(
    patienceMs: number,
    private readonly isHot: boolean,
    connections: Dispatcher = openConnections(patienceMs),
  ) {
    this.hotPath = new HotPath(connections);
  }

  /** @param place requests to the same one share a pace */
  async send(
    { client, place }: { client: S3Client; place: string },
    make: () => HotCommand,
    options: HotOptions,
  ): Promise<Transferred> {
    const answer = await this.ask({ client, place }, make, options);
    return answer ? toldBy(answer) : sendWithSdk(client, make(), options);
  }

  /** Past the SDK only: nothing where requests may not go there. */
  async ask(
    { client, place }: { client: S3Client; place: string },
    make: () => HotCommand,
    options: HotOptions,
  ): Promise<HotAnswer | undefined> {
    const target = this.isHot ? await this.hotPath.targetOf(client, make()) : undefined;
    return target && this.hotPath.send({ client, target, pace: this.paceOf(place) }, make, options);
  }

  private paceOf(place: string): Pace {
    const pace = this.paces.get(place) ?? new Pace();
    this.paces.delete(place);
    const [oldest] = this.paces.keys();
    if (oldest !== undefined && this.paces.size >= mostPaces) this.paces.delete(oldest);
    this.paces.set(place, pace);
    return pace;
  }
}

function toldBy({ headers, body, attempts }: HotAnswer): Transferred {
  const UploadId = body.length > 0 ? tagged(body.toString(), 'UploadId') : undefined;
  return { attempts, ETag: headers.etag, UploadId };
}

/** The SDK pulls, so nothing has to be held back; whose memory it brings nobody knows. */
const noFlow: Flow = { pause: () => undefined, resume: () => undefined, release: () => undefined };

async function sendWithSdk(
  client: S3Client,
  command: HotCommand,
  { receiver, signal }: HotOptions,
): Promise<Transferred> {
  const options = signal ? { abortSignal: signal } : {};
  const { $metadata, ...output } = await client.send(command as Parameters<S3Client['send']>[0], options);
  const { Body, ContentRange, ETag, UploadId } = output as Partial<GetObjectCommandOutput> & { UploadId?: string };
  if (receiver && Body) {
    const [status, headers] = [$metadata.httpStatusCode ?? 200, { 'content-range': ContentRange }];
    receiver.begin({ status, headers });
    for await (const chunk of Body as AsyncIterable<Buffer>) receiver.take(chunk, noFlow);
  }
  return { ETag, UploadId, attempts: $metadata.attempts ?? 1 };
}
