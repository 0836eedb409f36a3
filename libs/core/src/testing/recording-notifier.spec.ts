import { describe, expect, it } from '@jest/globals';
import { aNotification } from './builders.js';
import { notifierContract } from './notifier-contract.js';
import { RecordingNotifier } from './recording-notifier.js';

notifierContract('RecordingNotifier', async () => {
  const notifier = new RecordingNotifier();
  return {
    notifier,
    received: async () => notifier.sent.map(({ subject, text }) => `${subject}\n${text}`),
    breakOnce: () => notifier.refuseNext(),
    close: async () => undefined,
  };
});

describe('the recording notifier', () => {
  it('keeps what it was given, as it was when it was given', async () => {
    const notifier = new RecordingNotifier();
    const news = aNotification();
    await notifier.notify(news);
    news.text = 'changed afterwards';
    expect(notifier.sent).toEqual([{ ...news, text: 'All is well.' }]);
  });

  it('refuses as often as it was told to', async () => {
    const notifier = new RecordingNotifier();
    notifier.refuseNext(2);
    const news = aNotification();
    await expect(notifier.notify(news)).rejects.toThrow();
    await expect(notifier.notify(news)).rejects.toThrow();
    await expect(notifier.notify(news)).resolves.toBeUndefined();
  });
});
