/** Ctrl-C while somebody only looks: they leave, and the job goes on. */
import { exitCodes } from './exit-codes.js';

/** @returns the exit code of the command: that of `look`, or the one for an interrupt */
export async function untilInterrupted(
  { jobId, quiet }: { jobId: string; quiet: boolean },
  look: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const interrupt = new AbortController();
  const leave = (): void => interrupt.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
  try {
    return await look(interrupt.signal);
  } catch (thrown) {
    if (!interrupt.signal.aborted) throw thrown;
    const goesOn = `The job goes on. See it: longshore watch ${jobId}. End it: longshore cancel ${jobId}.\n`;
    if (!quiet) process.stderr.write(goesOn);
    return exitCodes.interrupted;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leave);
  }
}
