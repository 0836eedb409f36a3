/** Tells people by mail, through Amazon SES. */
import { SendRawEmailCommand, SESClient, type SESClientConfig } from '@aws-sdk/client-ses';
import { LongshoreError, Notifier, type Notification } from '@longshore/core';
import { awsError, nameOf } from './aws-errors.js';
import { awsClientSettings } from './client-settings.js';
import { plainAddress, rawMail } from './raw-mail.js';

export interface MailAddresses {
  /** `name@domain`, or `Name <name@domain>`; an identity that SES has verified. */
  sender: string;
  recipients: readonly string[];
}

/** Names of errors for which somebody has to change something at SES; the outbox tries again meanwhile. */
const refusals: Record<string, string> = {
  MessageRejected:
    'Verify the sender in SES in this region (AWS_REGION); while the account is in the sandbox, the recipients too.',
  MailFromDomainNotVerifiedException: 'Mend the MAIL FROM domain of the sender in SES.',
  MailFromDomainNotVerified: 'Mend the MAIL FROM domain of the sender in SES.',
  AccountSendingPausedException: 'SES has paused sending for this account; ask its support.',
  InvalidParameterValue: 'Look at SENDER_EMAIL and RECIPIENT_EMAIL.',
};

export class SesNotifier extends Notifier {
  private readonly client: SESClient;

  /** @param patienceMs longest time for one try of a call */
  constructor(
    private readonly addresses: MailAddresses,
    config: SESClientConfig = {},
    patienceMs = 15_000,
  ) {
    super();
    this.client = new SESClient({ ...awsClientSettings(patienceMs), ...config });
  }

  /**
   * SES knows no request ids: a mail whose answer is lost is sent again, with the same id in its header.
   *
   * @throws LongshoreError `notification-failed`, or `access-denied`
   */
  async notify({ id, subject, text, html }: Notification): Promise<void> {
    const { sender, recipients } = this.addresses;
    const raw = rawMail({ from: sender, to: recipients, subject, text, html, id });
    try {
      await this.client.send(
        new SendRawEmailCommand({
          // Names may hold any characters, which only the headers can carry.
          Source: plainAddress(sender),
          Destinations: recipients.map(plainAddress),
          RawMessage: { Data: Buffer.from(raw, 'utf8') },
        }),
      );
    } catch (thrown) {
      throw mailError(thrown, `The mail "${subject}" could not be sent to ${recipients.join(', ')}`);
    }
  }
}

function mailError(thrown: unknown, doing: string): LongshoreError {
  const error = awsError(thrown, { doing, otherwise: 'notification-failed', right: 'ses:SendRawEmail for the sender' });
  const remedy = refusals[nameOf(thrown)];
  return remedy === undefined
    ? error
    : new LongshoreError('notification-failed', error.message, { remedy, cause: thrown });
}
