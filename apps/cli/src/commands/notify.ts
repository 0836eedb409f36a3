/** `longshore notify`: what people are told, in which words, and whether it reaches them. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { exampleNews, noticeStates, toldEvents, type NewsEvent, type NoticeState } from '@longshore/core';
import { NotificationsClient } from '../client/notifications-client.js';
import { counted } from '../terminal/counted.js';
import { example } from '../terminal/example.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { printable } from '../terminal/job-text.js';
import { addClientOptions, print, printJson, type ClientOptions } from './client-options.js';

type Form = 'mail' | 'html' | 'json';

export function notifyCommand(): Command {
  return new Command('notify')
    .description('see what people are told, in which words, and try it out')
    .addCommand(testCommand())
    .addCommand(previewCommand())
    .addCommand(listCommand())
    .addHelpText('after', example('longshore notify test --event job-failed'));
}

function testCommand(): Command {
  return addClientOptions(
    new Command('test').description('send an example by every channel, and say what each answered'),
  )
    .addOption(eventOption())
    .addHelpText('after', example('longshore notify test --event job-paused'))
    .action(async ({ event, url, ...output }: ClientOptions & { event: NewsEvent }) => {
      const answer = await new NotificationsClient(url).test(event);
      const failed = answer.channels.filter(({ sent }) => !sent).map(({ channel }) => printable(channel));
      if (failed.length > 0) process.exitCode = exitCodes.error;
      const lines = answer.channels.map(({ channel, sent, wanted, reason = '' }) => {
        const told = wanted ? '' : `, but is not told of ${event}`;
        return `${printable(channel)}  ${sent ? `took it${told}` : printable(reason)}\n`;
      });
      print(output, { json: answer, quiet: failed, text: lines.join('') });
    });
}

function previewCommand(): Command {
  return new Command('preview')
    .description('print an example in words, without an orchestrator')
    .addOption(eventOption())
    .option('--templates <folder>', 'folder with your templates (LONGSHORE_TEMPLATES)', process.env.LONGSHORE_TEMPLATES)
    .addOption(new Option('--as <form>', 'which form of it').choices(['mail', 'html', 'json']).default('mail'))
    .addHelpText('after', example('longshore notify preview --event job-failed --templates ./templates'))
    .action(async ({ event, templates, as }: { event: NewsEvent; templates?: string; as: Form }) => {
      const { NewsTemplates } = await import('@longshore/adapters/templates');
      const { webhookBody } = await import('@longshore/adapters/notifiers');
      const news = exampleNews(event);
      const words = NewsTemplates.read(templates === '' ? undefined : templates).words(news, (why) => {
        process.stderr.write(`longshore: ${printable(why)}\n`);
        process.exitCode = exitCodes.error;
      });
      if (as === 'json') return printJson(JSON.parse(webhookBody({ id: news.id, news, ...words })));
      process.stdout.write(as === 'html' ? words.html : `${words.subject}\n\n${words.text}`);
    });
}

function listCommand(): Command {
  return addClientOptions(new Command('list').description('list what people were told or will be, the newest first'))
    .addOption(new Option('--state <state>', 'only what is in this state').choices([...noticeStates]))
    .option('--limit <count>', 'at most so many', count, 20)
    .addHelpText('after', example('longshore notify list --state waiting'))
    .action(async ({ state, limit, url, ...output }: ClientOptions & { state?: NoticeState; limit: number }) => {
      const items = await new NotificationsClient(url).newest(limit, state);
      const lines = items.map(({ happened_at: at, state: now, channel, news_id: id, attempts, reason }) => {
        const why = reason === undefined ? '' : `  ${counted(attempts, 'try', 'tries')}: ${printable(reason)}`;
        return `${at}  ${now.padEnd(8)}  ${printable(channel)}  ${printable(id)}${why}\n`;
      });
      print(output, { json: items, quiet: items.map(({ id }) => printable(id)), text: lines.join('') });
    });
}

function eventOption(): Option {
  return new Option('--event <event>', 'of which event').choices([...toldEvents]).default('job-completed');
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 500) return number;
  throw new InvalidArgumentError('Write a number from 1 to 500.');
}
