/** Where a bucket is reached and how requests to it are signed: what the SDK has found out, asked once. */
import { createHash, createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { getEndpointFromInstructions } from '@smithy/core/endpoints';
import { escapeUri } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import type { WireRequest } from './exchange.js';
import type { HotCommand, HotRequest } from './hot-requests.js';

interface AuthScheme {
  name: string;
  signingName?: string;
  signingRegion?: string;
}

/** The signer keeps the key of a day as bytes. Made a key once, they sign in a quarter of the time. */
const signingKeys = new WeakMap<object, KeyObject>();

function keyOf(secret: string | ArrayBuffer | ArrayBufferView): KeyObject | string {
  if (typeof secret === 'string') return secret;
  const key = signingKeys.get(secret) ?? createSecretKey(secret as Uint8Array);
  signingKeys.set(secret, key);
  return key;
}

/** The signer hashes with Node.js; nothing else is half as fast. */
class Sha256 {
  private readonly hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.hash = secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(secret));
  }

  update(data: Uint8Array): void {
    this.hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.hash.digest());
  }

  reset(): void {
    throw new Error('Each signature takes a new hash.');
  }
}

/** A correction below this is none: S3 allows a quarter of an hour. */
const largeSkewMs = 240_000;

export class Target {
  private constructor(
    private readonly client: S3Client,
    private readonly url: { protocol: string; hostname: string; port?: number; path: string },
    private readonly signer: SignatureV4,
    private readonly userAgent: string,
    private readonly moreHeaders: Record<string, string>,
  ) {}

  /** @returns nothing where requests are signed in a way that only the SDK knows: directory buckets, and access points of many regions */
  static async of(client: S3Client, command: HotCommand): Promise<Target | undefined> {
    const { config } = client;
    const supplier = command.constructor as unknown as Parameters<typeof getEndpointFromInstructions>[1];
    const endpoint = await getEndpointFromInstructions(
      command.input as unknown as Record<string, unknown>,
      supplier,
      config as unknown as Parameters<typeof getEndpointFromInstructions>[2],
    );
    const [scheme] = (endpoint.properties?.authSchemes ?? []) as AuthScheme[];
    if (scheme !== undefined && scheme.name !== 'sigv4') return undefined;
    const { protocol, hostname, port, pathname } = new URL(String(endpoint.url));
    const signer = new SignatureV4({
      credentials: config.credentials,
      region: scheme?.signingRegion ?? config.region,
      service: scheme?.signingName ?? 's3',
      sha256: Sha256,
      uriEscapePath: false,
      applyChecksum: false,
    });
    const agent = await config.defaultUserAgentProvider();
    const url = { protocol, hostname, path: pathname.replace(/\/$/, ''), ...(port !== '' && { port: Number(port) }) };
    const more = Object.entries(endpoint.headers ?? {}).map(([name, values]) => [name, values.join(', ')]);
    const words = agent.map(([name, version]) => (version === undefined ? name : `${name}/${version}`));
    return new Target(client, url, signer, words.join(' '), Object.fromEntries(more) as Record<string, string>);
  }

  async sign({ method, query, headers, body }: HotRequest, key: string): Promise<WireRequest> {
    const { protocol, hostname, port } = this.url;
    const host = port === undefined ? hostname : `${hostname}:${port}`;
    const path = `${this.url.path}/${key.split('/').map(escapeUri).join('/')}`;
    const all = { ...headers, ...this.moreHeaders, host, 'user-agent': this.userAgent };
    const request = { method, protocol, hostname, port: port ?? 0, path, query, headers: all };
    const signed = await this.signer.sign(request as Parameters<SignatureV4['sign']>[0], { signingDate: this.now() });
    return { method, origin: `${protocol}//${host}`, path: path + queryOf(query), headers: signed.headers, body };
  }

  /** @returns whether the clock of this machine was found to be wrong, so that the same request may pass now */
  correctClock(serverTime: string | undefined, askedAt: Date): boolean {
    const server = Date.parse(serverTime ?? '');
    if (Number.isNaN(server)) return false;
    const isFarOff = (time: number) => Math.abs(server - time) >= largeSkewMs;
    const { config } = this.client;
    if (isFarOff(this.now().getTime())) config.systemClockOffset = server - Date.now();
    return isFarOff(askedAt.getTime());
  }

  now(): Date {
    return new Date(Date.now() + this.client.config.systemClockOffset);
  }
}

function queryOf(query: Record<string, string>): string {
  const parts = Object.entries(query).map(([name, value]) =>
    value === '' ? escapeUri(name) : `${escapeUri(name)}=${escapeUri(value)}`,
  );
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}
