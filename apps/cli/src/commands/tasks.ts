/** `longshore tasks` and `longshore task`: what a job was cut into, and all about one of them. */
import { Command, Option } from 'commander';
import { taskStates, type TaskState } from '@longshore/core';
import type { TaskAnswer } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { example } from '../terminal/example.js';
import { wholeNumber } from '../terminal/numbers.js';
import { taskLine, taskText } from '../terminal/task-text.js';
import { addClientOptions, print, say, type ClientOptions } from './client-options.js';

type TasksOptions = ClientOptions & { state?: TaskState; limit: number; after?: string };

const mostOnPage = 500;
const objectsShown = 20;

export function tasksCommand(): Command {
  return addClientOptions(new Command('tasks').description('list the tasks of a job, in the order of its objects'))
    .argument('<job>', 'a job, or "last"')
    .addOption(new Option('--state <state>', 'only those in this state').choices(taskStates))
    .option('--limit <number>', 'show no more than this', wholeNumber, 50)
    .option('--after <place>', 'go on where the list before ended, as it said')
    .addHelpText('after', example('longshore tasks last --state available'))
    .action(async (id: string, options: TasksOptions) => {
      const client = new JobsClient(options.url);
      const { items, next } = await upTo(client, (await client.job(id)).id, options);
      const more = next === undefined ? {} : { next };
      print(options, {
        json: { items, ...more },
        quiet: items.map((task) => task.id),
        text: items.map((task) => `${taskLine(task)}\n`).join(''),
      });
      if (items.length === 0) say(options, 'no tasks');
      if (next !== undefined) say(options, `There are more: --after ${next}`);
    });
}

export function taskCommand(): Command {
  return addClientOptions(new Command('task').description('show one task: objects, attempts, why it is where it is'))
    .argument('<task>', 'the id of a task, as the list and the dead letters tell it')
    .addHelpText('after', example('longshore task 019f2c3a-7b1e-7c44-9d10-a7f300000901'))
    .action(async (id: string, options: ClientOptions) => {
      const { tasks } = new JobsClient(options.url);
      const task = await tasks.task(id);
      const [objects, outputs, { sentences }] = await Promise.all([
        tasks.objects(id, objectsShown),
        tasks.outputs(id, objectsShown),
        tasks.explain(id),
      ]);
      print(options, {
        json: { ...task, objects: objects.items, outputs: outputs.items, explanation: sentences },
        quiet: [task.id],
        text: taskText(task, { objects: objects.items, outputs: outputs.items, sentences }),
      });
    });
}

/** A page of the API, or several. */
async function upTo(client: JobsClient, jobId: string, { state, limit, after }: TasksOptions) {
  const items: TaskAnswer[] = [];
  let next = after;
  do {
    const page = await client.tasks.page(jobId, {
      state,
      limit: Math.min(mostOnPage, Math.max(1, limit - items.length)),
      after: next,
    });
    items.push(...page.items);
    next = page.next;
  } while (next !== undefined && items.length < limit);
  return { items, next };
}
