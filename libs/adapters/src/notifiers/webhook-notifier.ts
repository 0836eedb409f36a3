/** Tells a program, by a signed request to an address of the operator. */
import { request as plainRequest, type ClientRequest, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import { LongshoreError, messageOf, Notifier, type Notification } from '@longshore/core';
import { guardedLookup, refuseAddress } from './allowed-addresses.js';
import { signatures } from './webhook-signature.js';

export interface WebhookTarget {
  url: string;
  /** Every message is signed with each of them. */
  secrets: readonly Buffer[];
  /** Addresses of this machine and of its network may be asked too, without TLS as well. */
  allowPrivate: boolean;
}

/** Statuses that may pass by themselves. */
const passing = [408, 425, 429];

export class WebhookNotifier extends Notifier {
  private readonly url: URL;
  /** The rest of the address may be a secret. */
  private readonly host: string;

  /** @param patienceMs longest time from the first byte of the request to the head of its answer */
  constructor(
    private readonly target: WebhookTarget,
    private readonly now: () => number = Date.now,
    private readonly patienceMs = 15_000,
  ) {
    super();
    this.url = new URL(target.url);
    this.host = this.url.host;
  }

  /** @throws LongshoreError `notification-failed` when it may go better later, `notification-refused`, `receiver-gone` */
  async notify(notification: Notification): Promise<void> {
    const body = webhookBody(notification);
    const timestamp = Math.floor(this.now() / 1000);
    const { id } = notification;
    const status = await this.post(body, {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'longshore',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures({ id, timestamp, body }, this.target.secrets),
    });
    if (status < 200 || status > 299) throw this.refusal(status);
  }

  private refusal(status: number): LongshoreError {
    const what = `The webhook at ${this.host} answered ${status}`;
    if (status === 410) {
      return new LongshoreError('receiver-gone', `${what}: it wants no more.`, {
        remedy: 'Take its address out of LONGSHORE_WEBHOOKS, or mend it and run "longshore notify test".',
      });
    }
    if (status >= 500 || passing.includes(status)) return new LongshoreError('notification-failed', `${what}.`);
    if (status >= 300 && status < 400) {
      return new LongshoreError('notification-refused', `${what}, and redirects are not followed.`, {
        remedy: 'Write the address it points to into LONGSHORE_WEBHOOKS.',
      });
    }
    return new LongshoreError('notification-refused', `${what}.`, {
      remedy: 'Look at the address and the secret, and at what the receiver says.',
    });
  }

  private async post(body: string, headers: Record<string, string>): Promise<number> {
    const { hostname, protocol } = this.url;
    const address = hostname.replace(/^\[|\]$/g, '');
    if (isIP(address) !== 0) refuseAddress(this.host, address, this.target.allowPrivate);
    const options: RequestOptions = {
      method: 'POST',
      headers,
      agent: false,
      lookup: guardedLookup(this.target.allowPrivate),
      signal: AbortSignal.timeout(this.patienceMs),
    };
    try {
      return await answered(
        protocol === 'https:' ? secureRequest(this.url, options) : plainRequest(this.url, options),
        body,
      );
    } catch (thrown) {
      if (thrown instanceof LongshoreError) throw thrown;
      const { name, code } = thrown as NodeJS.ErrnoException;
      const why = name === 'AbortError' ? `no answer came in ${this.patienceMs / 1000} s` : messageOf(thrown);
      throw new LongshoreError('notification-failed', `The webhook at ${this.host} could not be reached: ${why}.`, {
        cause: thrown,
        ...(/CERT|SSL|TLS|VERIFY/.test(String(code)) && {
          remedy: 'Its certificate must be one that this machine trusts.',
        }),
      });
    }
  }
}

/** What it says beside its status is nobody's business here, and may be endless. */
function answered(request: ClientRequest, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('response', (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.end(body);
  });
}

/** As docs/notifications.schema.json describes it. */
export function webhookBody({ id, subject, text, news }: Notification): string {
  const { event, at, facts } = news;
  return JSON.stringify({ id, type: event, timestamp: new Date(at).toISOString(), subject, text, data: facts });
}
