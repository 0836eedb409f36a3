/** A simulated run in words and in fields, with everything it took for granted. */
import { formatBytes } from '@longshore/core';
import { duration } from '../terminal/job-text.js';
import type { Assumptions } from './assumptions.js';
import { bestOf, type BatchSize } from './best-batch.js';
import { slotTimeNames, type Outcome, type SlotTime } from './outcome.js';

export interface Simulated {
  given: Assumptions;
  secondsPerObject: number;
  spread: number;
  /** Where the seconds per object come from. */
  source: string;
  bytes: number;
  outcome: Outcome;
  /** The same with tasks of other sizes; empty where the job decides. */
  sizes: readonly BatchSize[];
}

export function simulatedLines(simulated: Simulated): string[] {
  const { given, outcome, bytes } = simulated;
  const { objects, tasks } = outcome;
  return [
    `${count(objects, 'object')} of ${formatBytes(bytes)} in ${count(tasks, 'task')}, on ${count(given.workers, 'worker')} with ${count(given.slots, 'slot')} each`,
    '',
    ...outcomeLines(simulated),
    '',
    'Where the time of the slots goes',
    ...timeLines(outcome),
    ...sizeLines(simulated),
    '',
    'Taken for granted',
    ...assumptionLines(simulated).map((line) => `  ${line}`),
  ];
}

function outcomeLines({ given, outcome }: Simulated): string[] {
  const { makespanMs, idealMs, workerHours, cost, machinesLost, attemptsLost, doneTwice } = outcome;
  const { completedObjects, deadObjects, objects, attemptsTimedOut, secondRuns } = outcome;
  const left = objects - completedObjects - deadObjects;
  const price = given.pricePerHour > 0 ? `, ${cost.toFixed(2)} at ${given.pricePerHour} each` : '';
  const ends: [string, string][] = [
    ['makespan', `${time(makespanMs)}; ${time(idealMs)} if nothing ever waited, started or was lost`],
    ['paid for', `${hours(workerHours)} worker-hours${price}`],
    ['utilisation', `${percent(outcome.utilisation)} of that time went into objects that count`],
    ['taken away', `${count(machinesLost, 'machine')} with ${count(attemptsLost, 'attempt')}`],
    ['done twice', `${percent(doneTwice)} of the work`],
  ];
  if (attemptsTimedOut > 0) ends.push(['timed out', `${count(attemptsTimedOut, 'attempt')}; see --timeout`]);
  if (secondRuns > 0) ends.push(['slow', `${count(secondRuns, 'task')} begun again elsewhere`]);
  if (deadObjects > 0) ends.push(['set aside', `${count(deadObjects, 'object')}, out of attempts or losses`]);
  if (left > 0) ends.push(['not done', `${count(left, 'object')}: no worker is left`]);
  return ends.map(([name, text]) => `  ${name.padEnd(12)} ${text}`);
}

function timeLines({ time: slots }: Outcome): string[] {
  const all = Object.values<number>({ ...slots }).reduce((sum, ms) => sum + ms, 0);
  return (Object.keys(slotTimeNames) as (keyof SlotTime)[])
    .filter((name) => slots[name] > 0)
    .map((name) => `  ${percent(slots[name] / all).padStart(6)}  ${slotTimeNames[name]}`);
}

function sizeLines({ given, sizes }: Simulated): string[] {
  if (sizes.length < 2) return [];
  const best = bestOf(sizes);
  const isPriced = given.pricePerHour > 0;
  const head = ['objects a task', 'tasks', 'makespan', 'worker-hours', ...(isPriced ? ['cost'] : []), 'done twice'];
  const rows = sizes.map(({ maxObjects, outcome }) => [
    thousands(maxObjects),
    thousands(outcome.tasks),
    time(outcome.makespanMs),
    hours(outcome.workerHours),
    ...(isPriced ? [outcome.cost.toFixed(2)] : []),
    percent(outcome.doneTwice),
  ]);
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: string[]) => `  ${cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ')}`;
  return [
    '',
    'The same with tasks of other sizes',
    line(head),
    ...rows.map((row, index) => `${line(row)}${sizes[index] === best ? '  the shortest' : ''}`),
  ];
}

export function assumptionLines({ given, secondsPerObject, spread, source }: Simulated): string[] {
  const { startUpMs, transferRate, outputShare, taskOverheadMs, leaseMs, lossPerHour } = given;
  const varied = spread === 0 ? 'all alike' : `log-normal, with a standard deviation of ${percent(spread)} of it`;
  const moved =
    transferRate === Infinity
      ? 'Objects and outputs take no time to move.'
      : `Each worker moves ${formatBytes(transferRate)} a second in each direction, one task after the other; outputs are ${outputShare} times as large as inputs.`;
  return [
    `An object takes ${secondsPerObject} s (${source}), ${varied}; in whatever task it lies, it takes the same time.`,
    `A task costs ${taskOverheadMs} ms beside its objects; while it runs, ${count(given.ahead, 'more task')} for each slot is fetched.`,
    moved,
    `All machines are ordered at the beginning, are there after ${startUpMs / 1000} s, and are paid for until the job has ended.`,
    lossLine(given),
    ...(lossPerHour > 0 && !given.notice
      ? [`A task that was lost waits for the end of its lease, which is ${leaseMs / 1000} s after the last heartbeat.`]
      : []),
    given.slowShare > 0
      ? `${percent(given.slowShare)} of the machines take ${given.slowness} times as long.`
      : 'All machines are equally fast.',
    `Tries, delays, splitting and second runs follow the rules of real jobs, with the policy of this one; the whole input is listed at once.`,
    `Nothing fails by its own fault, and what earlier jobs have done is run again. Seed ${given.seed}.`,
  ];
}

function lossLine({ lossPerHour, notice, replace }: Assumptions): string {
  if (lossPerHour === 0) return 'No machine is taken away.';
  const told = notice ? 'after a notice, so that it hands back what it holds' : 'without a notice';
  return `In an hour ${percent(lossPerHour)} of the machines are taken away, ${told}; ${replace ? 'another one is ordered for each' : 'they are not replaced'}.`;
}

/** Fields as the rest of the command line prints them. */
export function simulatedJson({ given, secondsPerObject, spread, source, bytes, outcome, sizes }: Simulated): unknown {
  const { policy, transferRate, ...plain } = given;
  const best = bestOf(sizes);
  return {
    ...snakeCase({ bytes, ...outcome, time: snakeCase({ ...outcome.time }) }),
    ...(best && { best_batch_size: best.maxObjects }),
    batch_sizes: sizes.map(({ maxObjects, outcome: one }) =>
      snakeCase({
        maxObjects,
        tasks: one.tasks,
        makespanMs: one.makespanMs,
        workerHours: one.workerHours,
        cost: one.cost,
        doneTwice: one.doneTwice,
        completedObjects: one.completedObjects,
      }),
    ),
    assumptions: {
      ...snakeCase({ ...plain, secondsPerObject, spread, source }),
      ...(transferRate < Infinity && { transfer_rate: transferRate }),
      policy,
    },
  };
}

function snakeCase(fields: Record<string, unknown>): Record<string, unknown> {
  const renamed = Object.entries(fields).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ]);
  return Object.fromEntries(renamed) as Record<string, unknown>;
}

function time(ms: number): string {
  return duration(ms / 1000);
}

function hours(value: number): string {
  return value < 100 ? value.toFixed(value < 1 ? 2 : 1) : thousands(Math.round(value));
}

function percent(shareOf: number): string {
  const value = shareOf * 100;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

function count(number: number, what: string): string {
  return `${thousands(number)} ${what}${number === 1 ? '' : 's'}`;
}

function thousands(number: number): string {
  return number.toLocaleString('en-GB');
}
