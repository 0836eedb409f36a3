/** Ends the machine once its worker has ended by itself, where the operator wants that. */
import { setTimeout as sleep } from 'node:timers/promises';
import { LongshoreError, messageOf, type Machine } from '@longshore/core';
import type { Cause } from '../agent/departure.js';
import type { Shutdown } from '../configuration/cloud-settings.js';

const tries = 3;
const pauseMs = 2_000;

/**
 * Runs a worker to its end, and then ends the machine, also when the worker failed: one that can do nothing must not be paid for. Whoever asked
 * the process to end decides about the machine themselves, and a cloud that takes it away needs no order. Of several workers the last one ends it.
 *
 * @param work resolves with why the worker left
 * @param neighbour name of another worker that lives on this machine
 */
export async function endingMachine(
  machine: Machine,
  how: Shutdown,
  work: () => Promise<Cause>,
  neighbour: () => Promise<string | undefined>,
  say: (line: string) => void = (line) => void process.stderr.write(`longshore worker: ${line}\n`),
  pause = pauseMs,
): Promise<void> {
  if (how === 'exit' || how === 'none') return void (await work());
  const endUnlessShared = async () => {
    const other = await neighbour();
    if (other === undefined) return end(machine, how, say, pause);
    say(`This machine goes on, because the worker "${other}" lives on it too.`);
  };
  let cause: Cause;
  try {
    cause = await work();
  } catch (thrown) {
    say(`This worker has failed: ${sentenceOf(thrown)}`);
    await endUnlessShared();
    throw thrown;
  }
  if (cause === 'asked' || cause === 'reclaimed') return;
  await endUnlessShared();
}

/** Never throws, and never tries for ever: an operator has to look then. */
async function end(
  machine: Machine,
  how: 'stop' | 'terminate',
  say: (line: string) => void,
  pause: number,
): Promise<void> {
  for (let left = tries - 1; ; left -= 1) {
    try {
      await machine.end(how);
      return say(`This machine ${how === 'stop' ? 'stops' : 'is terminated'} now, as LONGSHORE_SHUTDOWN says.`);
    } catch (thrown) {
      const isPassing = thrown instanceof LongshoreError && thrown.code === 'machine-failed';
      if (!isPassing || left === 0) return say(`This machine goes on, and costs. ${sentenceOf(thrown)}`);
      await sleep(pause);
    }
  }
}

function sentenceOf(thrown: unknown): string {
  return thrown instanceof LongshoreError ? thrown.sentence : `${messageOf(thrown)}.`;
}
