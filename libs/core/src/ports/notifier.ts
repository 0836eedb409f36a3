/** Tells people, by one channel. */
import type { News, Words } from '../news/news.js';

export interface Notification extends Words {
  /** The same for every sending of the same news, because it may be sent twice. */
  id: string;
  news: News;
}

/** Called by the outbox, which tries again until it succeeds or somebody has to act. */
export abstract class Notifier {
  /**
   * Sends; throws when it could not, and may then be called again with the same notification.
   *
   * @throws LongshoreError `notification-refused` when a second try cannot help, `receiver-gone` when this receiver wants no more
   */
  abstract notify(notification: Notification): Promise<void>;
}
