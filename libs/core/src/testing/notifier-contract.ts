/** What every notifier must do, whatever it tells people with. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { exampleNews } from '../news/examples.js';
import type { Notification, Notifier } from '../ports/notifier.js';
import { aNotification } from './builders.js';

export interface NotifierSubject {
  notifier: Notifier;
  /** What people have received, one text for each sending, oldest first. */
  received(): Promise<string[]>;
  /** Nobody can be reached for the next sending. Absent where that cannot happen. */
  breakOnce?(): void;
  close(): Promise<void>;
}

const news = (id: string, subject: string, text = 'All is well.'): Notification =>
  aNotification({ id, subject, text, news: exampleNews('job-completed', id) });

export function notifierContract(name: string, open: () => Promise<NotifierSubject>): void {
  describe(name, () => {
    let subject: NotifierSubject;
    let notifier: Notifier;

    beforeEach(async () => {
      subject = await open();
      ({ notifier } = subject);
    });

    afterEach(() => subject.close());

    it('tells subject and text, whatever characters they are made of', async () => {
      const odd = news('job-1', 'Job "a & b" <failed>: ünï/çødé ☃ 🚢', "It's 100 % {{over}}, $(see) `the` <b>log</b>.");
      await notifier.notify(odd);
      const [received] = await subject.received();
      expect(received).toContain(odd.subject);
      expect(received).toContain(odd.text);
    });

    it('tells the news in the order in which it is given', async () => {
      for (const number of [1, 2, 3]) await notifier.notify(news(`job-${number}`, `Number ${number}`));
      const received = await subject.received();
      expect(received.map((text) => /Number (\d)/.exec(text)?.[1])).toEqual(['1', '2', '3']);
    });

    it('may be given the same news again', async () => {
      const once = news('job-1', 'Job 1 is done');
      await notifier.notify(once);
      await expect(notifier.notify(once)).resolves.toBeUndefined();
    });

    it('throws when it cannot tell anybody, and tells it when it is asked again', async () => {
      if (!subject.breakOnce) return;
      const important = news('job-1', 'Job 1 has failed');
      subject.breakOnce();
      await expect(notifier.notify(important)).rejects.toThrow();
      expect(await subject.received()).toEqual([]);
      await notifier.notify(important);
      expect(await subject.received()).toHaveLength(1);
    });
  });
}
