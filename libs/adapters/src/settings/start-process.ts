/** The start of a Longshore process: what goes wrong is one sentence on stderr, and a message to the process that started it. */
import { asLongshoreError, type ErrorCode } from '@longshore/core';

/** What a process started by `longshore run` says to it. */
export type ProcessMessage =
  { type: 'ready'; url?: string } | { type: 'fatal'; code: ErrorCode; message: string; remedy?: string };

/** Says something to the parent process; does nothing where there is none. */
export function tellParent(message: ProcessMessage): void {
  if (process.connected) process.send?.(message);
}

/** Runs the main function of a process; an error ends it with exit code 1. */
export async function startProcess(name: string, main: () => Promise<void>): Promise<void> {
  outliveReaders();
  try {
    await main();
  } catch (thrown) {
    await endProcess(name, thrown);
  }
}

/** Whoever reads the log may go away, and the disk it is written to may be full: that is no reason to end what is logged. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/** Ends the process with exit code 1, and says why. */
export async function endProcess(name: string, thrown: unknown): Promise<never> {
  const error = asLongshoreError(thrown, 'internal-error', 'Something went wrong inside');
  process.stderr.write(`${name}: ${error.sentence}\n`);
  if (error !== thrown && thrown instanceof Error) process.stderr.write(`${thrown.stack}\n`);
  const { code, message, remedy } = error;
  await sendFatal({ type: 'fatal', code, message, ...(remedy !== undefined && { remedy }) });
  process.exit(1);
}

function sendFatal(message: ProcessMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) resolve();
    else process.send(message, undefined, {}, () => resolve());
  });
}
