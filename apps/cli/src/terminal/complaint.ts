/** What went wrong, as the last line of a command; an orchestrator's sentence may name keys of strangers. */
import { LongshoreError, messageOf } from '@longshore/core';
import { printable } from './job-text.js';

export function complaint(thrown: unknown): string {
  const sentence = thrown instanceof LongshoreError ? thrown.sentence : messageOf(thrown);
  return `longshore: ${sentence.split('\n').map(printable).join('\n')}\n`;
}
