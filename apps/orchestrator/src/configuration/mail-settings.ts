/** Who is told by mail. */
import type { Settings } from '@longshore/adapters/settings';
import { LongshoreError } from '@longshore/core';

/** SES takes no more in one mail. */
const mostRecipients = 50;

export class MailSettings {
  /** Undefined where nobody is told by mail; then the log says it. */
  readonly addresses: { sender: string; recipients: readonly string[] } | undefined;

  /** @throws LongshoreError `invalid-configuration` */
  constructor(settings: Settings) {
    const sender = settings.text('SENDER_EMAIL', '');
    const recipients = settings.list('RECIPIENT_EMAIL');
    if ((sender === '') !== (recipients.length === 0)) {
      const [present, missing] =
        sender === '' ? ['RECIPIENT_EMAIL', 'SENDER_EMAIL'] : ['SENDER_EMAIL', 'RECIPIENT_EMAIL'];
      throw new LongshoreError('invalid-configuration', `${present} is set, but ${missing} is not.`, {
        remedy: `Set ${missing} too, or unset ${present} and read the news in the log.`,
      });
    }
    if (recipients.length > mostRecipients) {
      throw new LongshoreError('invalid-configuration', `RECIPIENT_EMAIL names ${recipients.length} addresses.`, {
        remedy: `Name ${mostRecipients} or fewer; one of them may be a mailing list.`,
      });
    }
    this.addresses =
      sender === ''
        ? undefined
        : {
            sender: address('SENDER_EMAIL', sender),
            recipients: recipients.map((recipient) => address('RECIPIENT_EMAIL', recipient)),
          };
    Object.freeze(this);
  }
}

const plainAddress = String.raw`[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+`;
/** A line break in a name would be another header. */
const addressForms = [new RegExp(`^${plainAddress}$`), new RegExp(`^[^<>\\p{Cc}]+ <${plainAddress}>$`, 'u')];

function address(setting: string, text: string): string {
  if (addressForms.some((form) => form.test(text))) return text;
  throw new LongshoreError('invalid-configuration', `${setting} holds "${text}", which is no mail address.`, {
    remedy: `Write it as name@example.org, or as Name <name@example.org>.`,
  });
}
