/** A notifier that keeps what it was given, and refuses when a test says so. */
import { Notifier, type Notification } from '../ports/notifier.js';

export class RecordingNotifier extends Notifier {
  /** Everything that was sent, in order; what is sent twice is here twice. */
  readonly sent: Notification[] = [];
  private refusals = 0;
  /** Thrown instead, where a test says so. */
  refusal: Error = new Error('Nobody can be reached');

  /** The next so many notifications cannot be sent. */
  refuseNext(count = 1): void {
    this.refusals += count;
  }

  async notify(notification: Notification): Promise<void> {
    if (this.refusals > 0) {
      this.refusals -= 1;
      throw this.refusal;
    }
    this.sent.push({ ...notification });
  }
}
