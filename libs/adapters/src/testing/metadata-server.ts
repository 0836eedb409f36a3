/** The metadata service of an instance, as strict as the real one, on loopback: tokens with a life, 401 without one, 404 for nothing. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineIdentity } from '@longshore/core';
import { LoopbackServer } from './loopback-server.js';

const longestTokenSeconds = 21_600;

export const anInstance: MachineIdentity = {
  instanceId: 'i-0123456789abcdef0',
  type: 'm5.large',
  zone: 'us-east-1a',
  region: 'us-east-1',
  privateAddress: '10.0.0.7',
};

/** Its address is for `AWS_EC2_METADATA_SERVICE_ENDPOINT`. */
export class MetadataServer extends LoopbackServer {
  /** Every request, as `GET /latest/...`. */
  readonly requests: string[] = [];
  /** Answers come so much later. */
  delayMs = 0;
  /** Every request is answered with this status instead, such as 429 or 500. */
  status: number | undefined;
  /** As an instance that knows no tokens: version 1 alone. */
  knowsTokens = true;
  private readonly tokens = new Map<string, number>();
  private notice: { action: string; time: string } | undefined;
  private noticeTime: string | undefined;

  private constructor(readonly identity: MachineIdentity) {
    super();
  }

  static start(identity: MachineIdentity = anInstance): Promise<MetadataServer> {
    return new MetadataServer(identity).listen();
  }

  /** The machine is taken away in so many seconds; two minutes are usual. */
  reclaim(inSeconds = 120, action: 'terminate' | 'stop' | 'hibernate' = 'terminate'): void {
    const time = new Date(Date.now() + inSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
    this.notice = { action, time };
  }

  /** It is likely to be taken away some time. */
  recommendRebalance(): void {
    this.noticeTime = new Date().toISOString();
  }

  /** Nothing is coming any more. */
  takeBack(): void {
    this.notice = undefined;
    this.noticeTime = undefined;
  }

  /** No token that was given is taken any more. */
  expireTokens(): void {
    this.tokens.clear();
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push(`${request.method} ${request.url}`);
    request.resume();
    if (this.delayMs > 0) await sleep(this.delayMs, undefined, { ref: false });
    const { status, body = '' } = this.decide(request);
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  }

  private decide({ method, url = '', headers }: IncomingMessage): { status: number; body?: string } {
    if (this.status !== undefined) return { status: this.status };
    // It answers no proxy.
    if (headers['x-forwarded-for'] !== undefined) return { status: 403 };
    if (url === '/latest/api/token') return method === 'PUT' ? this.giveToken(headers) : { status: 405 };
    if (method !== 'GET') return { status: 405 };
    const until = this.tokens.get(String(headers['x-aws-ec2-metadata-token']));
    if (this.knowsTokens && (until === undefined || until < performance.now())) return { status: 401 };
    const body = this.documents()[url];
    return body === undefined ? { status: 404, body: '<html>404 - Not Found</html>' } : { status: 200, body };
  }

  private giveToken(headers: IncomingMessage['headers']): { status: number; body?: string } {
    if (!this.knowsTokens) return { status: 404 };
    const seconds = Number(headers['x-aws-ec2-metadata-token-ttl-seconds']);
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestTokenSeconds) return { status: 400 };
    const token = randomUUID();
    this.tokens.set(token, performance.now() + seconds * 1000);
    return { status: 200, body: token };
  }

  private documents(): Record<string, string | undefined> {
    const { instanceId, type, zone, region, privateAddress, publicAddress } = this.identity;
    const document = {
      instanceId,
      instanceType: type,
      availabilityZone: zone,
      region,
      privateIp: privateAddress,
      accountId: '123456789012',
      version: '2017-09-30',
    };
    return {
      '/latest/dynamic/instance-identity/document': JSON.stringify(document),
      '/latest/meta-data/instance-id': instanceId,
      '/latest/meta-data/public-ipv4': publicAddress,
      '/latest/meta-data/spot/instance-action': this.notice && JSON.stringify(this.notice),
      '/latest/meta-data/events/recommendations/rebalance':
        this.noticeTime && JSON.stringify({ noticeTime: this.noticeTime }),
    };
  }
}
