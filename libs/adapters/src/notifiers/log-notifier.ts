/** Tells the operator through the log of the process. */
import { Notifier, type Notification } from '@longshore/core';

export class LogNotifier extends Notifier {
  constructor(private readonly write: (line: string) => void) {
    super();
  }

  async notify(notification: Notification): Promise<void> {
    this.write(`${notification.subject}: ${notification.text}`);
  }
}
