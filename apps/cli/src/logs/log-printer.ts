/** Logs of containers on stdout, safe for a terminal; what is said about them goes to stderr. */
import { stripVTControlCharacters } from 'node:util';
import type { AttemptAnswer } from '@longshore/core/protocol';
import { printable } from '../terminal/job-text.js';
import { attemptLine } from '../terminal/task-text.js';

export interface PrinterOptions {
  json: boolean;
  quiet: boolean;
  /** Then nobody has to be told whose line it is. */
  isOneTask: boolean;
}

export class LogPrinter {
  printed = 0;
  /** Attempts of which there is nothing to show. */
  silent = 0;

  constructor(
    private readonly options: PrinterOptions,
    private readonly write = (text: string): unknown => process.stdout.write(text),
    private readonly talk = (text: string): unknown => process.stderr.write(text),
  ) {}

  print(taskId: string, attempt: AttemptAnswer): void {
    this.printed += 1;
    if (this.options.json) {
      this.write(`${JSON.stringify({ task_id: taskId, ...attempt })}\n`);
      return;
    }
    if (!attempt.log && attempt.outcome === 'completed') this.silent += 1;
    else if (!this.options.quiet) this.talk(`task ${taskId}, ${attemptLine(attempt)}\n`);
    const before = this.options.isOneTask ? '' : `${taskId}.${attempt.number} | `;
    this.write(
      logLines(attempt.log ?? '')
        .map((line) => `${before}${line}\n`)
        .join(''),
    );
  }
}

/** Colours are taken out, and of a line that was written again and again the last state is kept. */
export function logLines(log: string): string[] {
  if (log === '') return [];
  const lines = log.replace(/\r?\n$/, '').split(/\r?\n/);
  return lines.map((line) => {
    const [last = ''] = stripVTControlCharacters(line)
      .split('\r')
      .filter((part) => part !== '')
      .slice(-1);
    return last.split('\t').map(printable).join('\t');
  });
}
