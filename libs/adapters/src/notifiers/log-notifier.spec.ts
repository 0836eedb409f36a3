import { notifierContract } from '@longshore/core/testing';
import { LogNotifier } from './log-notifier.js';

notifierContract('the log', async () => {
  const lines: string[] = [];
  return {
    notifier: new LogNotifier((line) => lines.push(line)),
    received: async () => lines,
    close: async () => undefined,
  };
});
