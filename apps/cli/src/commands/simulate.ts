/** `longshore simulate`: how long a job would take, and what it would cost, on a fleet that is not there. */
import { Command, Option } from 'commander';
import {
  defaultBatchingRule,
  defaultJobPolicy,
  eachGroupAlone,
  LongshoreError,
  mostObjectsOfPiece,
  type BatchingRule,
} from '@longshore/core';
import type { CreateJobRequest } from '@longshore/core/protocol';
import { JobsClient } from '../client/jobs-client.js';
import { usual, type Assumptions } from '../simulate/assumptions.js';
import { otherSizes } from '../simulate/best-batch.js';
import { listInput, type InputSource } from '../simulate/list-input.js';
import { bytesPerSecond, perHour, share } from '../simulate/rates.js';
import { simulatedJson, simulatedLines, type Simulated } from '../simulate/simulate-text.js';
import { simulateFleet } from '../simulate/simulate-fleet.js';
import { evenObjects, objectTimes, workloadOf, type SizedObject } from '../simulate/workload.js';
import { example } from '../terminal/example.js';
import { oneOrMore, size, zeroOrMore } from '../terminal/numbers.js';
import { UsageError } from '../terminal/usage-error.js';
import { addAddressOptions, addOutputOptions, print, type ClientOptions } from './client-options.js';
import { addJobOptions, describeJob, type JobOptions } from './job-options.js';

interface SimulateOptions extends JobOptions, ClientOptions {
  workers: number;
  slots: number;
  secondsPerObject?: number;
  like?: string;
  spread: number;
  objects?: number;
  objectSize: number;
  startUp: number;
  transfer?: number;
  outputShare: number;
  overhead: number;
  lease: number;
  spotLoss: number;
  notice?: true;
  replace: boolean;
  slow: number;
  slowness: number;
  ahead: number;
  price: number;
  batchSizes?: number[];
  seed: number;
}

export function simulateCommand(): Command {
  const command = new Command('simulate').description(
    'say how long a job would take on a fleet, and what it would cost',
  );
  return addOutputOptions(addAddressOptions(addFleetOptions(addJobOptions(command))))
    .addHelpText(
      'after',
      example('longshore simulate job.yaml --workers 1000 --seconds-per-object 12 --spot-loss 0.05/h'),
    )
    .action(async (file: string | undefined, options: SimulateOptions) => {
      const simulated = await simulate(file, options);
      print(options, {
        json: simulatedJson(simulated),
        quiet: [Math.ceil(simulated.outcome.makespanMs / 1000)],
        text: `${simulatedLines(simulated).join('\n')}\n`,
      });
    });
}

function addFleetOptions(command: Command): Command {
  return command
    .requiredOption('--workers <number>', 'workers of the fleet', oneOrMore)
    .option('--slots <number>', 'tasks each works on at the same time', oneOrMore, usual.slots)
    .option('--seconds-per-object <seconds>', 'how long the command takes for one object', zeroOrMore)
    .option('--like <job>', 'as long as the objects of this finished job took')
    .option('--spread <share>', 'standard deviation of that time, as a share of it', zeroOrMore, 0)
    .option('--objects <number>', 'so many objects instead of those of the input', oneOrMore)
    .option('--object-size <size>', 'size of each of them', size, 0)
    .option(
      '--start-up <seconds>',
      'until a machine that was ordered asks for work',
      zeroOrMore,
      usual.startUpMs / 1000,
    )
    .option(
      '--transfer <rate>',
      'what one worker moves in each direction, such as 50MB/s; any amount, otherwise',
      bytesPerSecond,
    )
    .option('--output-share <number>', 'bytes of outputs for each byte of input', zeroOrMore, usual.outputShare)
    .option('--overhead <seconds>', 'what a task costs beside its objects', zeroOrMore, usual.taskOverheadMs / 1000)
    .option('--lease <seconds>', 'lease time of the orchestrator', zeroOrMore, usual.leaseMs / 1000)
    .option('--spot-loss <rate>', 'share of the machines that are taken away in an hour, such as 0.05/h', perHour, 0)
    .option('--notice', 'they are told before, and hand back what they hold')
    .option('--no-replace', 'no machine is ordered for one that was taken away')
    .addOption(new Option('--slow <share>', 'share of the machines that are slow').argParser(share).default(0))
    .option('--slowness <factor>', 'how many times as long those take', zeroOrMore, usual.slowness)
    .option('--ahead <tasks>', 'tasks fetched ahead for each slot', zeroOrMore, usual.ahead)
    .option('--price <rate>', 'price of one worker, such as 0.05/h', perHour, 0)
    .option('--batch-sizes <numbers>', 'sizes of tasks to compare, such as 10,100,1000', sizes)
    .option('--seed <number>', 'of all that is left to chance', zeroOrMore, usual.seed);
}

async function simulate(file: string | undefined, options: SimulateOptions): Promise<Simulated> {
  const { objects: count, objectSize, spread, seed } = options;
  const { request, pluginSource, inFile } = await describeJob(
    file,
    count === undefined || file ? options : madeUp(options),
  );
  const { seconds: secondsPerObject, source } = await timeOfObject(options);
  const listed =
    count === undefined ? await inFile(async () => listInput(request, pluginSource, await input())) : undefined;
  const objects = (): Iterable<SizedObject> => listed ?? evenObjects(count ?? 0, objectSize);
  const listsGroups = listed !== undefined && request.groups !== undefined;
  if (listsGroups && options.batchSizes) {
    throw new UsageError(
      'Each group that the job lists is one task, so that no sizes can be compared.',
      'Leave --batch-sizes out.',
    );
  }
  const rule = listsGroups ? eachGroupAlone : ruleOf(request, secondsPerObject);
  const times = objectTimes(secondsPerObject, spread, seed);
  const cut = (by: BatchingRule) => workloadOf(objects(), by, times, { neverSplit: listsGroups });
  const given = assumptions(options, request.policy);
  const workload = cut(rule);
  const outcome = simulateFleet(workload, given);
  return {
    given,
    secondsPerObject,
    spread,
    source,
    bytes: workload.bytesBefore.at(-1) ?? 0,
    outcome,
    sizes: listsGroups ? [] : otherSizes(rule, outcome, cut, given, options.batchSizes),
  };
}

/** No other command waits for what talks to S3 to be loaded. */
async function input(): Promise<InputSource> {
  const { compose } = await import('../simulate/compose.js');
  return compose(process.env);
}

/** Where tasks are cut by time, as many objects as take so long: real ones are cut by what was measured. */
function ruleOf({ batching }: CreateJobRequest, secondsPerObject: number): BatchingRule {
  const { targetSeconds, ...said } = batching ?? {};
  if (targetSeconds === undefined) return { ...defaultBatchingRule, ...said };
  const { maxObjects = mostObjectsOfPiece, maxBytes } = said;
  const wanted = secondsPerObject > 0 ? Math.round(targetSeconds / secondsPerObject) : mostObjectsOfPiece;
  return { maxObjects: Math.max(1, Math.min(wanted, maxObjects)), ...(maxBytes !== undefined && { maxBytes }) };
}

function sizes(text: string): number[] {
  return text.split(',').map(oneOrMore);
}

/** Where objects are made up, nobody has to say what is run on them. */
function madeUp(options: SimulateOptions): SimulateOptions {
  return { ...options, plugin: options.plugin ?? 'any', input: options.input ?? '.', output: options.output ?? '.' };
}

/** A finished job tells how long its workers held a task, which is the time of its objects and of their way there and back. */
async function timeOfObject({
  secondsPerObject,
  like,
  url,
}: SimulateOptions): Promise<{ seconds: number; source: string }> {
  if (secondsPerObject !== undefined) return { seconds: secondsPerObject, source: 'as you say' };
  if (like === undefined) {
    throw new UsageError(
      'Nobody knows how long an object takes.',
      'Say it with --seconds-per-object, or name a finished job with --like.',
    );
  }
  const client = new JobsClient(url);
  const { id, objects } = await client.job(like);
  const { processing_time: held } = await client.numbers(id);
  if (held.avg_seconds === undefined || objects.completed === 0) {
    throw new LongshoreError('invalid-request', `Job ${id} has completed nothing, so that it tells no time.`, {
      remedy: 'Name another one with --like, or say the time with --seconds-per-object.',
    });
  }
  const seconds = Number(((held.avg_seconds * held.count) / objects.completed).toPrecision(3));
  return { seconds, source: `as in job ${id}, its way there and back included` };
}

function assumptions(options: SimulateOptions, policy: Partial<Assumptions['policy']> | undefined): Assumptions {
  return {
    workers: options.workers,
    slots: options.slots,
    ahead: options.ahead,
    startUpMs: options.startUp * 1000,
    transferRate: options.transfer ?? Infinity,
    outputShare: options.outputShare,
    taskOverheadMs: options.overhead * 1000,
    leaseMs: options.lease * 1000,
    lossPerHour: options.spotLoss,
    notice: options.notice ?? false,
    replace: options.replace,
    slowShare: options.slow,
    slowness: options.slowness,
    pricePerHour: options.price,
    policy: { ...defaultJobPolicy, ...policy },
    seed: options.seed,
  };
}
