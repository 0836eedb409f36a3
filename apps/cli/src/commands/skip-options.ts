/** The options that say what counts as done already. */
import { type Command, Option } from 'commander';
import { skipKinds, type SkipRule } from '@longshore/core';
import type { SkipMessage } from '@longshore/core/protocol';
import { wholeNumber } from '../terminal/numbers.js';

export interface SkipOptions {
  skip?: SkipRule['by'];
  doneCount?: number;
  doneMinBytes?: number;
  doneName?: string;
}

export function addSkipOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--skip <how>',
        'leave out what is done: "manifest", by the records of earlier jobs (the default); "outputs", by outputs that are there; "none"',
      ).choices(skipKinds),
    )
    .option('--done-count <outputs>', "with --skip outputs: how many of an object's outputs must be there", wholeNumber)
    .option('--done-min-bytes <bytes>', 'with --skip outputs: a smaller one does not count (1)', wholeNumber)
    .option('--done-name <text>', 'with --skip outputs: only those whose name holds this text count');
}

/** Nothing where nobody said anything: then the orchestrator decides. */
export function skipMessage({ skip, doneCount, doneMinBytes, doneName }: SkipOptions): { skip?: SkipMessage } {
  const more = {
    ...(doneCount !== undefined && { count: doneCount }),
    ...(doneMinBytes !== undefined && { minBytes: doneMinBytes }),
    ...(doneName !== undefined && { nameContains: doneName }),
  };
  if (skip !== undefined) return { skip: { by: skip, ...more } };
  return Object.keys(more).length === 0 ? {} : { skip: { by: 'outputs', ...more } };
}
