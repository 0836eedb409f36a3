/** Refuses outputs folders that hold more than files and folders. */
import { limitsOf, LongshoreError, type JobPlugin } from '@longshore/core';
import { measureOutputs } from './measure-outputs.js';

/** @throws LongshoreError `output-not-a-file`, with the names of the first offenders */
export async function refuseStrange(plugin: JobPlugin, folder: string, log: string): Promise<void> {
  const { strange } = await measureOutputs(folder, limitsOf(plugin.container.resources));
  if (strange.length === 0) return;
  throw new LongshoreError(
    'output-not-a-file',
    `The outputs folder holds what is neither a regular file nor a folder: ${strange.join(', ')}.`,
    { log, remedy: 'Write plain files, without links, pipes, sockets or devices, into the outputs folder.' },
  );
}
