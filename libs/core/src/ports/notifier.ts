/** Tells people. */

export interface Notification {
  /** The same for every sending of the same news, because it may be sent twice. */
  id: string;
  subject: string;
  text: string;
}

/** Called by the outbox, which tries again until it succeeds. */
export abstract class Notifier {
  /** Sends; throws when it could not, and may then be called again with the same notification. */
  abstract notify(notification: Notification): Promise<void>;
}
