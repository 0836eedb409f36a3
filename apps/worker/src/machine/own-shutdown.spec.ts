import { describe, expect, it } from '@jest/globals';
import { LongshoreError } from '@longshore/core';
import { ScriptedMachine } from '@longshore/core/testing';
import type { Cause } from '../agent/departure.js';
import { endingMachine } from './own-shutdown.js';

const known = { instanceId: 'i-1', type: 'm5.large', zone: 'us-east-1a', region: 'us-east-1' };

async function after(
  cause: Cause | Error,
  how: 'stop' | 'terminate' | 'exit' | 'none',
  machine = new ScriptedMachine(known),
  neighbour?: string,
) {
  const lines: string[] = [];
  const work = async () => {
    if (cause instanceof Error) throw cause;
    return cause;
  };
  const outcome = await endingMachine(
    machine,
    how,
    work,
    async () => neighbour,
    (line) => lines.push(line),
    1,
  ).catch((thrown: unknown) => thrown);
  return { ended: machine.ended, lines, outcome };
}

describe('a worker that ends its machine', () => {
  it.each(['done', 'drained', 'broken'] as const)('does so when it has left by itself: %s', async (cause) => {
    expect((await after(cause, 'terminate')).ended).toEqual(['terminate']);
    expect((await after(cause, 'stop')).ended).toEqual(['stop']);
  });

  it.each(['asked', 'reclaimed'] as const)('leaves it to whoever else decides: %s', async (cause) => {
    expect((await after(cause, 'terminate')).ended).toEqual([]);
  });

  it.each(['exit', 'none'] as const)('does not do so unless it is told to: %s', async (how) => {
    expect((await after('done', how)).ended).toEqual([]);
    expect((await after(new Error('broken'), how)).ended).toEqual([]);
  });

  it('does so when it could not even begin, says why, and fails all the same', async () => {
    const broken = new LongshoreError('image-not-found', 'There is no such image.');
    const { ended, lines, outcome } = await after(broken, 'stop');
    expect([ended, outcome]).toEqual([['stop'], broken]);
    expect(lines).toEqual([
      'This worker has failed: There is no such image.',
      'This machine stops now, as LONGSHORE_SHUTDOWN says.',
    ]);
  });

  it.each(['done', new Error('Its name is taken.')] as const)(
    'leaves it to another worker that still lives on it: %s',
    async (cause) => {
      const { ended, lines } = await after(cause, 'terminate', new ScriptedMachine(known), 'neighbour');
      expect(ended).toEqual([]);
      expect(lines.at(-1)).toBe('This machine goes on, because the worker "neighbour" lives on it too.');
    },
  );

  it('G10: says that the machine goes on where it may not be ended, and does not try again', async () => {
    const machine = new ScriptedMachine(known);
    machine.refusal = new LongshoreError('access-denied', 'It may not.', { remedy: 'Allow ec2:StopInstances.' });
    const { lines, outcome } = await after('done', 'stop', machine);
    expect(lines).toEqual(['This machine goes on, and costs. It may not. Allow ec2:StopInstances.']);
    expect(outcome).toBeUndefined();
  });

  it('G10: tries three times what may pass by itself, and no more', async () => {
    let tries = 0;
    class Failing extends ScriptedMachine {
      override async end(): Promise<void> {
        tries += 1;
        throw new LongshoreError('machine-failed', 'Throttled.');
      }
    }
    const { lines } = await after('done', 'terminate', new Failing(known));
    expect([tries, lines]).toEqual([3, ['This machine goes on, and costs. Throttled.']]);
  });
});
