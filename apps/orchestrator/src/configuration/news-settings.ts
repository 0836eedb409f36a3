/** Who is told of what, by which channel, and in whose words. */
import type { Settings } from '@longshore/adapters/settings';
import { LongshoreError, readPercent, toldEvents, type NewsEvent } from '@longshore/core';

export const channelKinds = ['log', 'mail', 'webhook'] as const;
export type ChannelKind = (typeof channelKinds)[number];

/** Told by nobody who did it himself. */
const wantedByDefault: Record<ChannelKind, readonly NewsEvent[]> = {
  log: toldEvents,
  mail: toldEvents.filter((event) => event !== 'job-cancelled'),
  webhook: toldEvents,
};

/** One mail for the whole run, and not one for each of its jobs besides. */
const jobEnds: readonly NewsEvent[] = ['job-completed', 'job-failed', 'job-cancelled'];
const dayMs = 86_400_000;

export class NewsSettings {
  readonly wanted: Readonly<Record<ChannelKind, readonly NewsEvent[]>>;
  /** Folder with templates of the operator. */
  readonly templates: string | undefined;
  readonly webhooks: readonly string[];
  readonly webhookSecret: string | undefined;
  readonly allowPrivateWebhooks: boolean;
  /** People are told of more dead objects than this: a number, or a share such as `10%`; undefined for never. */
  readonly threshold: string | undefined;
  /** Work may wait so long without a worker that could take it. */
  readonly noWorkersMs: number;
  /** What was told, or given up, is remembered so long. */
  readonly keepMs: number;

  /** @throws LongshoreError `invalid-configuration` */
  constructor(settings: Settings, { runEnd }: { runEnd: boolean }) {
    this.templates = settings.text('LONGSHORE_TEMPLATES', '') || undefined;
    refuseMailTemplate(settings);
    this.wanted = {
      log: wanted(settings, 'log', runEnd),
      mail: wanted(settings, 'mail', runEnd),
      webhook: wanted(settings, 'webhook', runEnd),
    };
    this.allowPrivateWebhooks = settings.switch('LONGSHORE_WEBHOOK_ALLOW_PRIVATE');
    const addresses = (settings.secret('LONGSHORE_WEBHOOKS') ?? '').split(/[\s,]+/).filter((part) => part !== '');
    this.webhooks = [...new Set(addresses.map((address) => webhookAddress(address, this.allowPrivateWebhooks)))];
    this.webhookSecret = settings.secret('LONGSHORE_WEBHOOK_SECRET');
    if (this.webhooks.length > 0 && this.webhookSecret === undefined) {
      throw new LongshoreError(
        'invalid-configuration',
        'LONGSHORE_WEBHOOKS is set, but LONGSHORE_WEBHOOK_SECRET_FILE is not.',
        {
          remedy:
            'Make a secret with "openssl rand -base64 32", in a file of mode 600, and give it to the receivers too.',
        },
      );
    }
    this.threshold = threshold(settings.text('LONGSHORE_FAILURE_THRESHOLD', '10%'));
    this.noWorkersMs = 1000 * settings.number('LONGSHORE_NO_WORKERS_SECONDS', 300, { min: 1, max: 604_800 });
    this.keepMs = dayMs * settings.number('LONGSHORE_NEWS_KEEP_DAYS', 30, { min: 1, max: 3_650 });
    Object.freeze(this);
  }
}

function wanted(settings: Settings, kind: ChannelKind, runEnd: boolean): readonly NewsEvent[] {
  const name = `LONGSHORE_TELL_${kind.toUpperCase()}`;
  const listed = settings.list(name);
  if (listed.length === 0) {
    const all = wantedByDefault[kind];
    return runEnd && kind === 'mail' ? all.filter((event) => !jobEnds.includes(event)) : all;
  }
  if (listed.length === 1 && listed[0] === 'all') return toldEvents;
  if (listed.length === 1 && listed[0] === 'none') return [];
  const unknown = listed.find((event) => !toldEvents.some((told) => told === event));
  if (unknown === undefined) return listed as NewsEvent[];
  throw new LongshoreError('invalid-configuration', `${name} names "${unknown}", which is no event.`, {
    remedy: `Use all, none, or some of ${toldEvents.join(', ')}.`,
  });
}

/** What is wrong with it is said without it: its path may be a secret. */
function webhookAddress(text: string, allowPrivate: boolean): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const fault =
    url === undefined
      ? 'an address that is no URL'
      : url.username !== '' || url.password !== ''
        ? `a user or a password (${url.host})`
        : url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')
          ? `an address that does not begin with https:// (${url.host})`
          : undefined;
  if (url !== undefined && fault === undefined) return url.href;
  throw new LongshoreError('invalid-configuration', `LONGSHORE_WEBHOOKS holds ${fault}.`, {
    remedy: 'Write addresses as https://host/path; http:// needs LONGSHORE_WEBHOOK_ALLOW_PRIVATE=true.',
  });
}

function threshold(text: string): string | undefined {
  if (text === 'none') return undefined;
  if (/^\d{1,12}$/.test(text)) return text;
  try {
    readPercent(text);
    return text;
  } catch {
    throw new LongshoreError('invalid-configuration', `LONGSHORE_FAILURE_THRESHOLD is "${text}".`, {
      remedy: 'Write a number of objects such as 500, a share of them such as 10%, or none.',
    });
  }
}

/** A mail in the wrong words is no reason to find out later. */
function refuseMailTemplate(settings: Settings): void {
  const old = settings.text('LONGSHORE_MAIL_TEMPLATE', '');
  if (old === '') return;
  throw new LongshoreError('invalid-configuration', 'LONGSHORE_MAIL_TEMPLATE is no setting any more.', {
    remedy:
      'Move the file into a folder as run-ended.text.hbs, put {{#with run}} ... {{/with}} around it, and name the folder in LONGSHORE_TEMPLATES.',
  });
}
